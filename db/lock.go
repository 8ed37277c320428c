package db

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// errInUse is what lockFile answers when another process holds the folder.
var errInUse = errors.New("in use")

// lockFolder keeps a second process out of the data folder. The operating
// system drops the lock with the process, so a crash leaves nothing behind.
func lockFolder(dir string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := lockFile(f); err != nil {
		f.Close()
		if errors.Is(err, errInUse) {
			return nil, fmt.Errorf("the data folder %s is in use by another Onhand; stop that one first", dir)
		}
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	return f.Close, nil
}
