// Reads a JSON list of addresses; answers, for each, null if bwip-js takes it for a GS1 Digital Link, else its complaint.
import { readFileSync } from "node:fs";
import bwip from "bwip-js";

const verdict = (text) => {
  try {
    bwip.raw({ bcid: "gs1dlqrcode", text });
    return null;
  } catch (error) {
    return String(error.message ?? error);
  }
};

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(verdict)));
