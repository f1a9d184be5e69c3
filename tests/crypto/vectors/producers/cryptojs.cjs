// CryptoJS under a passphrase: npm crypto-js.
const CryptoJS = require('crypto-js');
const { version } = require('crypto-js/package.json');

const secret = 'correct horse battery staple';
const recipe = { cipher: 'aes-256-cbc', encoding: 'utf8', derive: 'evp-md5' };
const texts = { 'a short text': 'hello', 'an empty text': '', 'more than one block': 'naïve café '.repeat(9) };
const vectors = Object.entries(texts).map(([name, plaintext]) => {
  const stored = CryptoJS.AES.encrypt(plaintext, secret).toString();
  return { name, envelope: 'cryptojs', recipe, secret, stored, plaintext };
});
const undefinedKey = CryptoJS.AES.encrypt('hello', String(process.env.NOT_SET)).toString();
vectors.push({ name: 'an unset passphrase', envelope: 'cryptojs', recipe, secret: 'undefined', stored: undefinedKey, plaintext: 'hello' });
console.log(JSON.stringify({ producer: `crypto-js ${version}`, vectors }));
