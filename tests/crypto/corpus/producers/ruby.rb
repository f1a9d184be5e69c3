# Encrypts as applications in Ruby do: ActiveSupport's MessageEncryptor with AES-GCM, and OpenSSL's
# own ciphers. Reads {app, env, texts} a line, prints {stored} a line.
require 'base64'
require 'json'
require 'openssl'

def gcm(key, text)
  cipher = OpenSSL::Cipher.new('aes-256-gcm').encrypt
  cipher.key = key
  iv = cipher.random_iv
  cipher.auth_data = ''
  body = text.empty? ? cipher.final : cipher.update(text) + cipher.final
  [body, iv, cipher.auth_tag]
end

APPS = {
  'rails' => ->(env, text) { gcm([env].pack('H*'), text).map { |part| Base64.strict_encode64(part) }.join('--') },
  'gcm-joined' => lambda do |env, text|
    body, iv, tag = gcm([env].pack('H*'), text)
    Base64.encode64(iv + tag + body) # with newlines, as Ruby's encode64 does
  end,
}.freeze
$stdout.sync = true
$stdin.each_line do |line|
  asked = JSON.parse(line)
  puts JSON.generate(stored: asked['texts'].map { |text| APPS.fetch(asked['app']).call(asked['env'], text) })
end
