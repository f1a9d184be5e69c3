// AES and ChaCha20-Poly1305 as Node's own crypto seals them, written in the ways of many programs.
const crypto = require('crypto');

const secrets = {
  16: '4ddc6bbd6ac4a7ab0c8f5a3d6dc5f1e0',
  24: '0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778',
  32: '7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37',
};
const text = 'hello naïve café, a text of more than one block';
const [hex, b64, url] = ['hex', 'base64', 'base64url'].map(e => b => b.toString(e));
const vectors = [];

function seal(cipher, size, { aad, plain = text, tag = 16 } = {}) {
  const key = Buffer.from(secrets[cipher.startsWith('aes') ? cipher.slice(4, 7) / 8 : 32], 'hex');
  const iv = crypto.randomBytes(size);
  const tagged = !cipher.endsWith('cbc');
  const made = crypto.createCipheriv(cipher, key, iv, tagged ? { authTagLength: tag } : {});
  if (aad) made.setAAD(Buffer.from(aad));
  const body = Buffer.concat([made.update(plain, 'utf8'), made.final()]);
  return tagged ? [iv, made.getAuthTag(), body] : [iv, body];
}

function add(name, envelope, cipher, stored, { aad, plain = text } = {}) {
  const secret = secrets[cipher.startsWith('aes') ? cipher.slice(4, 7) / 8 : 32];
  const how = Buffer.isBuffer(stored) ? { stored_hex: hex(stored) } : { stored };
  const recipe = { cipher, encoding: 'hex', decoder: 'node' };
  vectors.push({ name, envelope, recipe, secret, ...how, plaintext: plain, ...(aad ? { aad } : {}) });
}

for (const bits of [128, 192, 256]) {
  const gcm = `aes-${bits}-gcm`;
  add(`${gcm}, iv:tag:ct in hex`, 'node-gcm-hex', gcm, seal(gcm, 12).map(hex).join(':'));
  const cbc = `aes-${bits}-cbc`;
  add(`${cbc}, iv:ct in hex`, 'node-cbc-hex', cbc, seal(cbc, 16).map(hex).join(':'));
}
const gcm = 'aes-256-gcm';
let [iv, tag, ct] = seal(gcm, 16);
add('nonce of 16 bytes', 'node-gcm-hex', gcm, [iv, tag, ct].map(hex).join(':'));
add('in base64', 'node-gcm-base64', gcm, seal(gcm, 12).map(b64).join(':'));
add('in base64url', 'node-gcm-base64url', gcm, seal(gcm, 12).map(url).join('.'));
[iv, tag, ct] = seal(gcm, 12, { aad: 'tenant 7' });
add('with aad', 'node-gcm-hex', gcm, [iv, tag, ct].map(hex).join(':'), { aad: 'tenant 7' });
[iv, tag, ct] = seal(gcm, 12, { plain: '' });
add('an empty text', 'node-gcm-hex', gcm, [iv, tag, ct].map(hex).join(':'), { plain: '' });
[iv, tag, ct] = seal(gcm, 12);
const ctFirst = { format: 'node-gcm-hex', order: ['iv', 'ciphertext', 'tag'] };
add('iv:ct:tag', ctFirst, gcm, [iv, ct, tag].map(hex).join(':'));
const joined = { format: 'node-gcm-base64', order: ['iv', 'ciphertext'] };
add('iv:ct+tag', joined, gcm, [iv, Buffer.concat([ct, tag])].map(b64).join(':'));
add('any: ct--iv--tag', 'node-gcm', gcm, [ct, iv, tag].map(b64).join('--'));
add('any: dots', 'node-gcm', gcm, [iv, ct, tag].map(url).join('.'));
add('any: joined, tag last', 'node-gcm', gcm, b64(Buffer.concat([iv, ct, tag])));
add('any: joined, tag before', 'node-gcm', gcm, hex(Buffer.concat([iv, tag, ct])));
add('any: raw bytes', 'node-gcm', gcm, Buffer.concat([iv, tag, ct]));
const named = { iv: hex(iv), authTag: hex(tag), encrypted: hex(ct) };
add('any: JSON', 'node-gcm', gcm, JSON.stringify(named));
add('JSON in hex', 'node-gcm-json', gcm, JSON.stringify(named));
const others = { nonce: b64(iv), data: b64(Buffer.concat([ct, tag])) };
add('JSON in base64, without a tag', 'node-gcm-json', gcm, JSON.stringify(others));
add('JSON of Buffers', 'node-gcm-json', gcm, JSON.stringify({ iv, tag, ciphertext: ct }));
add('JSON within base64', 'node-gcm-json', gcm, b64(Buffer.from(JSON.stringify(named))));
const declared = { cipher: gcm, layout: ['iv:12', 'tag:16', 'ciphertext'] };
add('layout, raw', declared, gcm, Buffer.concat([iv, tag, ct]));
add('layout, base64', { ...declared, encoding: 'base64' }, gcm, b64(Buffer.concat([iv, tag, ct])));
const behind = { cipher: gcm, layout: ['skip:2', 'nonce:12', 'ciphertext'], encoding: 'hex' };
add('layout, a version before it', behind, gcm, '0001' + hex(Buffer.concat([iv, ct, tag])));
const last = { cipher: gcm, layout: ['ciphertext', 'tag', 'iv'], encoding: 'hex', separator: '$' };
add('layout, separated', last, gcm, [ct, tag, iv].map(hex).join('$'));
[iv, tag, ct] = seal(gcm, 12, { tag: 12 });
const short = { cipher: gcm, layout: ['iv:12', 'ciphertext', 'tag:12'] };
add('layout, a short tag', short, gcm, Buffer.concat([iv, ct, tag]));
const chacha = 'chacha20-poly1305';
[iv, tag, ct] = seal(chacha, 12, { aad: 'tenant 7' });
const poly = { cipher: chacha, layout: ['iv:12', 'ciphertext', 'tag:16'] };
add('layout, chacha20', poly, chacha, Buffer.concat([iv, ct, tag]), { aad: 'tenant 7' });
const cbc = 'aes-256-cbc';
[iv, ct] = seal(cbc, 16);
add('in base64', 'node-cbc-base64', cbc, [iv, ct].map(b64).join(':'));
add('any: joined', 'node-cbc', cbc, b64(Buffer.concat([iv, ct])));
add('JSON', 'node-cbc-json', cbc, JSON.stringify({ iv: hex(iv), content: hex(ct) }));
add('layout', { cipher: cbc, layout: ['iv:16', 'ciphertext'] }, cbc, Buffer.concat([iv, ct]));
const signed = { ...{ cipher: cbc, encoding: 'hex', separator: ':' }, layout: ['iv', 'ciphertext', 'mac'] };
const key = Buffer.from(secrets[32], 'hex');
const hmac = (hash, ...parts) => parts.reduce((h, p) => h.update(p), crypto.createHmac(hash, key)).digest();
const both = [iv, ct].map(hex).join(':');
add('layout, a MAC over bytes', signed, cbc, `${both}:${hex(hmac('sha256', iv, ct))}`);
const overText = { ...signed, mac: { written: 'text', hash: 'sha512' } };
add('layout, a MAC over text', overText, cbc, `${both}:${hex(hmac('sha512', both))}`);
const before = { cipher: cbc, layout: ['mac:20', 'iv:16', 'ciphertext'], mac: { hash: 'sha1', over: ['ciphertext'] } };
add('layout, a MAC before', before, cbc, Buffer.concat([hmac('sha1', ct), iv, ct]));
const rest = crypto.createHmac('sha256', Buffer.from(secrets[24], 'hex')).update(iv).update(ct).digest();
vectors.push({
  name: 'layout, another key for the MAC',
  envelope: { cipher: cbc, layout: ['iv:16', 'ciphertext', 'mac:32'], mac: { key: 'rest' } },
  recipe: { cipher: cbc, encoding: 'hex', derive: { fit: { fill: '' } } },
  secret: secrets[32] + secrets[24],
  stored_hex: hex(Buffer.concat([iv, ct, rest])),
  plaintext: text,
});

console.log(JSON.stringify({ producer: `node ${process.version}, crypto`, vectors }));
