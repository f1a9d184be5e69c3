// OpenPGP messages under a passphrase: npm openpgp.
const { readFileSync } = require('fs');
const openpgp = require('openpgp');

const { version } = JSON.parse(readFileSync(`${process.env.NODE_PATH}/openpgp/package.json`));
const secret = 'correct horse battery staple';
const recipe = { cipher: 'passphrase', encoding: 'utf8' };
const vectors = [];

async function add(name, plaintext, options) {
  const message = await openpgp.createMessage({ text: plaintext });
  const stored = await openpgp.encrypt({ message, passwords: [secret], ...options });
  const how = typeof stored === 'string' ? { stored } : { stored_hex: Buffer.from(stored).toString('hex') };
  vectors.push({ name, envelope: 'pgcrypto', recipe, secret, ...how, plaintext });
}

(async () => {
  await add('armoured', 'hello naïve café', {});
  await add('bytes', 'hello naïve café', { format: 'binary' });
  await add('compressed', 'naïve café '.repeat(99), { config: { preferredCompressionAlgorithm: openpgp.enums.compression.zlib } });
  console.log(JSON.stringify({ producer: `openpgp ${version}`, vectors }));
})();
