// age: Debian's `age`, and npm age-encryption for passphrases, whose work can be small.
const { execFileSync } = require('child_process');
const { readFileSync } = require('fs');
const { Encrypter, armor, generateX25519Identity, identityToRecipient } = require('age-encryption');

const { version } = JSON.parse(readFileSync(`${process.env.NODE_PATH}/age-encryption/package.json`));
const recipe = { cipher: 'age', encoding: 'utf8' };
const plaintext = 'hello naïve café';
const phrase = 'correct horse battery staple';
const vectors = [];
const add = (name, secret, stored, text = plaintext) => vectors.push({
  name, envelope: 'age', recipe, secret, plaintext: text,
  ...(typeof stored === 'string' ? { stored } : { stored_hex: Buffer.from(stored).toString('hex') }),
});

(async () => {
  const [one, other] = [await generateX25519Identity(), await generateX25519Identity()];
  const [to, toOther] = [await identityToRecipient(one), await identityToRecipient(other)];
  const age = (input, ...options) => execFileSync('age', options, { input });
  add('bytes', one, age(plaintext, '-r', to));
  add('armoured', one, age(plaintext, '-a', '-r', to).toString());
  add('to two recipients', other, age(plaintext, '-r', to, '-r', toOther));
  add('two identities in a key file', `# created: today\n${one}\n${other}\n`, age(plaintext, '-r', toOther));
  add('of nothing', one, age('', '-r', to), '');
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(10);
  encrypter.setPassphrase(phrase);
  const sealed = await encrypter.encrypt(plaintext);
  add('with a passphrase', phrase, sealed);
  add('with a passphrase, armoured', phrase, armor.encode(sealed));
  const typage = new Encrypter();
  typage.addRecipient(to);
  add('of age-encryption', one, await typage.encrypt(plaintext));
  const cli = execFileSync('age', ['--version']).toString().trim();
  console.log(JSON.stringify({ producer: `age ${cli}, age-encryption ${version}`, vectors }));
})();
