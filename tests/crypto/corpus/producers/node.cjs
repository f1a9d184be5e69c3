// Encrypts as applications in Node do. Reads {app, env, texts, aad} a line, prints {stored} a line:
// a text as it is, bytes as {hex}.
const crypto = require('crypto');
const readline = require('readline');

const gcm = (key, text, aad, size = 12) => {
  const iv = crypto.randomBytes(size);
  const cipher = crypto.createCipheriv('aes-256-gcm', key, iv);
  if (aad) cipher.setAAD(Buffer.from(aad));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return { iv, body, tag: cipher.getAuthTag() };
};
const plainCipher = (name, key, text, iv) => {
  const cipher = crypto.createCipheriv(name, key, iv);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
};
const hexed = ({ iv, tag, body }) => [iv, tag, body].map((one) => one.toString('hex')).join(':');
const joined = ({ iv, tag, body }) => Buffer.concat([iv, body, tag]);
const sha256 = (text) => crypto.createHash('sha256').update(text).digest();
const bytes = (raw) => ({ hex: raw.toString('hex') });

const apps = {
  'gcm-hex': (env, text, aad) => hexed(gcm(Buffer.from(env, 'hex'), text, aad)),
  'gcm-base64-key': (env, text, aad) => hexed(gcm(Buffer.from(env, 'base64'), text, aad)),
  'gcm-joined': (env, text, aad) => bytes(joined(gcm(Buffer.from(env, 'hex'), text, aad))),
  'gcm-sha256': (env, text, aad) => joined(gcm(sha256(env), text, aad)).toString('base64'),
  'gcm-utf8': (env, text, aad) => hexed(gcm(Buffer.from(env, 'utf8'), text, aad)),
  'gcm-raw-key': (env, text, aad) => hexed(gcm(Buffer.from(env, 'latin1'), text, aad)),
  'gcm-scrypt': (env, text, aad) => hexed(gcm(crypto.scryptSync(env, 'salt', 32), text, aad, 16)),
  'gcm-json': (env, text, aad) => {
    const made = gcm(Buffer.from(env, 'hex'), text, aad);
    const [iv, authTag, encrypted] = [made.iv, made.tag, made.body].map((one) => one.toString('hex'));
    return JSON.stringify({ iv, authTag, encrypted });
  },
  'cbc-hex': (env, text) => {
    const iv = crypto.randomBytes(16);
    return `${iv.toString('hex')}:${plainCipher('aes-256-cbc', Buffer.from(env, 'hex'), text, iv).toString('hex')}`;
  },
  'cbc-sha256': (env, text) => {
    const iv = crypto.randomBytes(16);
    return `${iv.toString('hex')}:${plainCipher('aes-256-cbc', sha256(env), text, iv).toString('hex')}`;
  },
  'cbc-zero-iv': (env, text) => plainCipher('aes-256-cbc', Buffer.from(env, 'hex'), text, Buffer.alloc(16)).toString('hex'),
  'cbc-iv-of-key': (env, text) => {
    const key = Buffer.from(env, 'hex');
    return plainCipher('aes-256-cbc', key, text, key.subarray(0, 16)).toString('base64');
  },
  'ctr-hex': (env, text) => {
    const iv = crypto.randomBytes(16);
    return `${iv.toString('hex')}:${plainCipher('aes-256-ctr', Buffer.from(env, 'hex'), text, iv).toString('hex')}`;
  },
  'ecb-hex': (env, text) => plainCipher('aes-256-ecb', Buffer.from(env, 'hex'), text, null).toString('hex'),
  'des3-hex': (env, text) => {
    const iv = crypto.randomBytes(8);
    return `${iv.toString('hex')}:${plainCipher('des-ede3-cbc', Buffer.from(env, 'hex').subarray(0, 24), text, iv).toString('hex')}`;
  },
  'aes-128-first-half': (env, text) => {
    const iv = crypto.randomBytes(12);
    const cipher = crypto.createCipheriv('aes-128-gcm', Buffer.from(env, 'hex').subarray(0, 16), iv);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return hexed({ iv, body, tag: cipher.getAuthTag() });
  },
  cryptr: (env, text) => new (require('cryptr'))(env).encrypt(text),
  cryptojs: (env, text) => require('crypto-js').AES.encrypt(text, env).toString(),
  'cryptojs-parsed': (env, text) => {
    const CryptoJS = require('crypto-js');
    const key = CryptoJS.enc.Hex.parse(env);
    return CryptoJS.AES.encrypt(text, key, { iv: CryptoJS.enc.Hex.parse('0'.repeat(32)) }).toString();
  },
  cloak: (env, text) => {
    const { encryptStringSync, parseKeySync } = require('@47ng/cloak');
    return encryptStringSync(text, parseKeySync(env));
  },
  jwe: async (env, text) => {
    const { CompactEncrypt } = require('jose');
    return new CompactEncrypt(Buffer.from(text)).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(Buffer.from(env, 'hex'));
  },
  iron: async (env, text) => {
    const { sealData } = require('iron-session');
    return sealData({ text }, { password: env, ttl: 0 });
  },
  secretbox: async (env, text) => {
    const sodium = require('libsodium-wrappers');
    await sodium.ready;
    const nonce = sodium.randombytes_buf(24);
    const box = sodium.crypto_secretbox_easy(Buffer.from(text), nonce, Buffer.from(env, 'hex'));
    return Buffer.concat([nonce, box]).toString('base64');
  },
  xchacha: async (env, text) => {
    const sodium = require('libsodium-wrappers');
    await sodium.ready;
    const nonce = sodium.randombytes_buf(24);
    const made = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(Buffer.from(text), '', null, nonce, Buffer.from(env, 'hex'));
    return Buffer.concat([nonce, made]).toString('base64');
  },
  // a key that the driver made some other way, as hex
  'gcm-of-key': (env, text, aad) => hexed(gcm(Buffer.from(env, 'hex'), text, aad)),
  'gcm-of-key-sha256': (env, text, aad) => joined(gcm(Buffer.from(env, 'hex'), text, aad)).toString('base64'),
};

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { app, env, texts, aads } = JSON.parse(line);
    const stored = [];
    for (const [at, text] of texts.entries()) stored.push(await apps[app](env, text, aads && aads[at]));
    console.log(JSON.stringify({ stored }));
  }
})();
