// JWEs of npm jose: every key management and content encryption that it knows.
const { createSecretKey, generateKeyPairSync, hkdfSync } = require('crypto');
const jose = require('jose');
const { version } = require('jose/package.json');

const plaintext = 'hello naïve café';
const bytes = new TextEncoder().encode(plaintext);
const secrets = {
  16: '4ddc6bbd6ac4a7ab0c8f5a3d6dc5f1e0',
  24: '0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778',
  32: '7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37',
  48: '3942b1bf81e622559ed509e3ff274a780784fe9e75b065866bd270438c74da822219de3156473cc27df1fd590e4baf68',
  64: '3942b1bf81e622559ed509e3ff274a780784fe9e75b065866bd270438c74da822219de3156473cc27df1fd590e4baf68c95eeb537b6e4d4c5a10f41635b5597e',
};
const vectors = [];

async function compact(name, recipe, secret, key, header, stored) {
  stored ??= await new jose.CompactEncrypt(bytes).setProtectedHeader(header).encrypt(key);
  vectors.push({ name, envelope: 'jwe', recipe, secret, stored, plaintext });
}

const oct = size => createSecretKey(secrets[size], 'hex');

(async () => {
  for (const [enc, size, cipher] of [
    ['A128GCM', 16, 'aes-128-gcm'], ['A192GCM', 24, 'aes-192-gcm'], ['A256GCM', 32, 'aes-256-gcm'],
    ['A128CBC-HS256', 32, 'a128cbc-hs256'], ['A192CBC-HS384', 48, 'a192cbc-hs384'], ['A256CBC-HS512', 64, 'a256cbc-hs512'],
  ]) {
    await compact(`dir, ${enc}`, { cipher, encoding: 'hex' }, secrets[size], oct(size), { alg: 'dir', enc });
  }
  for (const bits of [128, 192, 256]) {
    const [secret, key] = [secrets[bits / 8], oct(bits / 8)];
    await compact(`A${bits}KW`, { cipher: `aes-${bits}-kw`, encoding: 'hex' }, secret, key, { alg: `A${bits}KW`, enc: 'A128CBC-HS256' });
    await compact(`A${bits}GCMKW`, { cipher: `aes-${bits}-gcm`, encoding: 'hex' }, secret, key, { alg: `A${bits}GCMKW`, enc: 'A256GCM' });
  }
  const phrase = 'correct horse battery staple';
  for (const alg of ['PBES2-HS256+A128KW', 'PBES2-HS384+A192KW', 'PBES2-HS512+A256KW']) {
    await compact(alg, { cipher: 'passphrase', encoding: 'utf8' }, phrase, new TextEncoder().encode(phrase), { alg, enc: 'A256GCM' });
  }
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsaPem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' });
  for (const alg of ['RSA-OAEP', 'RSA-OAEP-256']) {
    await compact(alg, { cipher: 'rsa', encoding: 'pem' }, rsaPem, rsa.publicKey, { alg, enc: 'A256GCM' });
  }
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecPem = ec.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const ecJwk = JSON.stringify({ ...ec.privateKey.export({ format: 'jwk' }), kid: 'billing-1' });
  await compact('ECDH-ES', { cipher: 'ec', encoding: 'pem' }, ecPem, ec.publicKey, { alg: 'ECDH-ES', enc: 'A256GCM' });
  await compact('ECDH-ES+A256KW, JWK', { cipher: 'ec', encoding: 'jwk' }, ecJwk, ec.publicKey, { alg: 'ECDH-ES+A256KW', enc: 'A128GCM', kid: 'billing-1' });
  const flattened = await new jose.FlattenedEncrypt(bytes).setProtectedHeader({ enc: 'A256GCM' }).setUnprotectedHeader({ alg: 'A256KW' }).setAdditionalAuthenticatedData(Buffer.from('tenant 7')).encrypt(oct(32));
  await compact('flattened JSON', { cipher: 'aes-256-kw', encoding: 'hex' }, secrets[32], null, null, JSON.stringify(flattened));
  const general = await new jose.GeneralEncrypt(bytes).setProtectedHeader({ enc: 'A256GCM' }).addRecipient(oct(32)).setUnprotectedHeader({ alg: 'A256KW' }).addRecipient(rsa.publicKey).setUnprotectedHeader({ alg: 'RSA-OAEP-256' }).encrypt();
  await compact('general JSON', { cipher: 'aes-256-kw', encoding: 'hex' }, secrets[32], null, null, JSON.stringify(general));
  const jwt = await new jose.EncryptJWT({ sub: 'x' }).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'JWT' }).encrypt(oct(32));
  vectors.push({ name: 'an encrypted JWT', envelope: 'jwe', recipe: { cipher: 'aes-256-gcm', encoding: 'hex' }, secret: secrets[32], stored: jwt, plaintext: '{"sub":"x"}' });
  const salt = 'authjs.session-token';
  const info = `Auth.js Generated Encryption Key (${salt})`;
  const session = new Uint8Array(hkdfSync('sha256', phrase, salt, info, 64));
  const kid = await jose.calculateJwkThumbprint({ kty: 'oct', k: jose.base64url.encode(session) }, 'sha512');
  const cookie = await new jose.EncryptJWT({ sub: 'x' }).setProtectedHeader({ alg: 'dir', enc: 'A256CBC-HS512', kid }).encrypt(session);
  const derive = { hkdf: { salt, info } };
  vectors.push({ name: 'a session of Auth.js', envelope: 'jwe', recipe: { cipher: 'a256cbc-hs512', encoding: 'utf8', derive }, secret: phrase, stored: cookie, plaintext: '{"sub":"x"}' });
  console.log(JSON.stringify({ producer: `jose ${version}`, vectors }));
})();
