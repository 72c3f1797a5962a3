// Verifies credentials with implementations that are not ours. Reads {tokens, documents} from standard input:
// `documents` is what the web would answer at an address (contexts and did.json as objects, status lists as JWTs).
// Writes, for each token, {verified, timely, type, statuses: {purpose: set}} or {error}.
import {compactVerify, importJWK, decodeProtectedHeader} from 'jose';
import {_checkCredential} from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import jsonld from 'jsonld';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const {tokens, documents} = JSON.parse(Buffer.concat(chunks).toString());

async function opened(token) {
  const {kid, typ} = decodeProtectedHeader(token);
  if (typ !== 'vc+jwt') throw new Error(`typ is ${typ}`);
  const did = documents[kid.split('#')[0]];
  const method = did.verificationMethod.find(each => each.id === kid);
  if (!method || !did.assertionMethod.includes(kid)) throw new Error(`unknown key ${kid}`);
  const {payload} = await compactVerify(token, await importJWK(method.publicKeyJwk, 'ES256'), {algorithms: ['ES256']});
  return JSON.parse(new TextDecoder().decode(payload));
}

async function documentLoader(url) {
  const found = documents[url];
  if (found === undefined) throw new Error(`not at hand: ${url}`);
  const document = typeof found === 'string' ? await opened(found) : found;
  return {contextUrl: null, documentUrl: url, document};
}

async function checked(token) {
  const credential = await opened(token);
  // Its form; and whether this is a day between its first and its last, which the library counts as a part of that.
  _checkCredential({credential, now: new Date(credential.validFrom)});
  const timely = Date.now() >= Date.parse(credential.validFrom) && Date.now() <= Date.parse(credential.validUntil ?? '9999-12-31');
  const expanded = await jsonld.expand(credential, {documentLoader, safe: true});
  if (expanded.length !== 1) throw new Error('not one credential');
  const statuses = {};
  if (credential.credentialStatus) {
    // Whether a status list is signed is checked by the loader, as it is a JWT itself. That the library calls a
    // revoked credential verified is why each status is looked at.
    const result = await checkStatus({credential, documentLoader, verifyBitstringStatusListCredential: false});
    if (result.error) throw result.error;
    for (const each of result.results) statuses[each.credentialStatus.statusPurpose] = each.status;
  }
  return {verified: true, timely, type: credential.type[0], statuses};
}

const results = [];
for (const token of tokens) {
  results.push(await checked(token).catch(error => ({verified: false, error: `${error.message} ${error.cause ?? ''} ${JSON.stringify(error.details ?? '')}`})));
}
process.stdout.write(JSON.stringify(results));
