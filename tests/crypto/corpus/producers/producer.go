// Encrypts as applications in Go do: the nonce before what gcm.Seal returns, in base64. Reads
// {app, env, texts} a line, prints {stored} a line.
package main

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
)

type asked struct {
	App   string   `json:"app"`
	Env   string   `json:"env"`
	Texts []string `json:"texts"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var one asked
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			panic(err)
		}
		key, _ := hex.DecodeString(one.Env)
		if one.App == "gcm-sha256" {
			sum := sha256.Sum256([]byte(one.Env))
			key = sum[:]
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			panic(err)
		}
		gcm, _ := cipher.NewGCM(block)
		stored := []string{}
		for _, text := range one.Texts {
			nonce := make([]byte, gcm.NonceSize())
			_, _ = rand.Read(nonce)
			stored = append(stored, base64.StdEncoding.EncodeToString(gcm.Seal(nonce, nonce, []byte(text), nil)))
		}
		made, _ := json.Marshal(map[string][]string{"stored": stored})
		fmt.Println(string(made))
	}
}
