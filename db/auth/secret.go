package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// secretName is the file in the data folder that holds the shop's own key. A copy of the database alone, without it,
// gives nobody a second factor.
const secretName = "secret.key"

const secretBytes = 32

// Secret is the key of a data folder, made the first time it is needed.
type Secret struct {
	dir  string
	mu   sync.Mutex
	aead cipher.AEAD
}

// NewSecret is the key of a data folder; nothing is read yet.
func NewSecret(dir string) *Secret { return &Secret{dir: dir} }

var errSealed = errors.New("this was not sealed with the key of this data folder")

// Seal encrypts a text (AES-256-GCM) for one purpose and record, such as "totp 7": it opens for no other.
func (s *Secret) Seal(plain, purpose string) (string, error) {
	aead, err := s.open()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce) // never fails: crypto/rand ends the program instead
	return base64.RawStdEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(plain), []byte(purpose))), nil
}

// Open decrypts what Seal made for the same purpose.
func (s *Secret) Open(sealed, purpose string) (string, error) {
	aead, err := s.open()
	if err != nil {
		return "", err
	}
	b, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(b) < aead.NonceSize() {
		return "", errSealed
	}
	plain, err := aead.Open(nil, b[:aead.NonceSize()], b[aead.NonceSize():], []byte(purpose))
	if err != nil {
		return "", errSealed
	}
	return string(plain), nil
}

func (s *Secret) open() (cipher.AEAD, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.aead != nil {
		return s.aead, nil
	}
	key, err := readSecret(filepath.Join(s.dir, secretName))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", secretName, err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	if s.aead, err = cipher.NewGCM(block); err != nil {
		return nil, err
	}
	return s.aead, nil
}

// readSecret reads the key, or makes it where there is none. It is whole on disk before anything is sealed with it.
func readSecret(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSecret(path)
	}
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(key) != secretBytes {
		return nil, errors.New("this is no key; put the one of a backup back")
	}
	return key, nil
}

func makeSecret(path string) ([]byte, error) {
	key := make([]byte, secretBytes)
	rand.Read(key)                                               // never fails: crypto/rand ends the program instead
	f, err := os.CreateTemp(filepath.Dir(path), secretName+".*") // 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // renamed by then
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return nil, err
	}
	return key, nil
}
