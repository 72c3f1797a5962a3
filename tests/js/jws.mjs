// Verifies a JWS with npm's jose. Reads {token, did} from standard input; writes what it says, or fails.
import {compactVerify, decodeProtectedHeader, importJWK} from 'jose';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const {token, did} = JSON.parse(Buffer.concat(chunks).toString());
const {kid, typ} = decodeProtectedHeader(token);
if (typ !== 'log-checkpoint+jws') throw new Error(`typ is ${typ}`);
const method = did.verificationMethod.find(each => each.id === kid);
if (!method || !did.assertionMethod.includes(kid)) throw new Error(`unknown key ${kid}`);
const {payload} = await compactVerify(token, await importJWK(method.publicKeyJwk, 'ES256'), {algorithms: ['ES256']});
process.stdout.write(payload);
