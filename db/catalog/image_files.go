package catalog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"

	"onhand/db"
	"onhand/db/picture"
)

const (
	imageFolder = "images"
	unfinished  = ".new-" // begins the name of a file that is being written
)

var imageName = regexp.MustCompile(`^([0-9a-f]{32})-(?:160|640|1600)\.(?:jpg|png)$`)

// ImageFile is the file of a picture, by its name, or not_found. Nothing else of the folder is handed out.
func ImageFile(d *db.DB, name string) ([]byte, error) {
	if !imageName.MatchString(name) {
		return nil, db.NotFound("picture")
	}
	b, err := os.ReadFile(filepath.Join(d.Dir(), imageFolder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, db.NotFound("picture")
	}
	return b, err
}

// redraw makes a picture anew. It fails with file_too_large, unknown_picture, heic_picture, too_many_pixels.
func redraw(ctx context.Context, file io.Reader) (*picture.Drawn, error) {
	p, err := picture.Draw(ctx, file)
	switch {
	case errors.Is(err, picture.ErrTooLarge):
		return nil, db.Errorf(db.TooLarge, "file_too_large", "This picture is larger than 32 MB. Choose a smaller one.")
	case errors.Is(err, picture.ErrTooManyPixels):
		return nil, db.Refuse("too_many_pixels", "file", "This picture has more than 40 million pixels. Choose a smaller one.")
	case errors.Is(err, picture.ErrHEIC):
		return nil, db.Refuse("heic_picture", "file", "This is a HEIC picture, which cannot be read here. Save it as JPEG and choose that.")
	case errors.Is(err, picture.ErrUnknown):
		return nil, db.Refuse("unknown_picture", "file", "This is no picture that can be read. Choose a JPEG, PNG, WebP or GIF file.")
	}
	return p, err
}

// keep writes the files of a picture. They are whole on disk when it returns; those that are there already stay.
func keep(p *picture.Drawn, dir string) error {
	folder := filepath.Join(dir, imageFolder)
	err := os.MkdirAll(folder, 0o700)
	for i, s := range picture.Sizes(p.Width, p.Height) {
		if err == nil {
			err = writeFile(folder, fileName(p.Hash, s.Side, p.Format), p.Files[i])
		}
	}
	if err == nil {
		err = errors.Join(syncFolder(folder), syncFolder(dir))
	}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return db.Errorf(db.Full, "disk_full", "The disk is full, so nothing was saved. Free some space and try again.")
	case err != nil:
		return fmt.Errorf("keep the picture: %w", err)
	}
	return nil
}

// writeFile makes a file appear under its name when it is whole. Its name says what is in it, so one that is there is the same.
func writeFile(folder, name string, data []byte) error {
	path := filepath.Join(folder, name)
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(data)) {
		return nil
	}
	f, err := os.CreateTemp(folder, unfinished+"*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // renamed by then
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// syncFolder makes new names last. Windows has no such call and needs none.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Cleanup forgets images that were removed more than a day ago, and removes files of more than a day ago that no image names:
// theirs, and those of uploads that came to nothing. Files that are none of ours stay. It answers how many files went.
func Cleanup(ctx context.Context, d *db.DB) (removed int, err error) {
	old := d.Now().Add(-keepRemoved)
	err = db.Write(ctx, d, func(tx *db.Tx) error {
		_, err := tx.Exec("DELETE FROM product_images WHERE removed_at < ?1", db.TimeOf(old))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("forget removed images: %w", err)
	}
	return sweep(ctx, d, old)
}

// Discard removes the files that no image names, however new they are: their pages are gone too.
func Discard(ctx context.Context, d *db.DB) (removed int, err error) {
	return sweep(ctx, d, time.Time{})
}

// sweep removes files of before a moment, or of any time, that no image names.
func sweep(ctx context.Context, d *db.DB, old time.Time) (removed int, err error) {
	d.Pictures.Lock() // nobody is between a file and its row
	defer d.Pictures.Unlock()
	named, err := hashes(ctx, d)
	if err != nil {
		return 0, err
	}
	files, err := imageFiles(d)
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		m := imageName.FindStringSubmatch(f.Name())
		if m == nil && !strings.HasPrefix(f.Name(), unfinished) || m != nil && named[m[1]] {
			continue
		}
		info, err := f.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !old.IsZero() && !info.ModTime().Before(old) {
			continue
		}
		if err := errors.Join(err, os.Remove(filepath.Join(d.Dir(), imageFolder, f.Name()))); err != nil {
			return removed, fmt.Errorf("remove a picture of nothing: %w", err)
		}
		removed++
	}
	return removed, nil
}

// imageFiles is what lies in the folder of pictures.
func imageFiles(d *db.DB) ([]fs.DirEntry, error) {
	files, err := os.ReadDir(filepath.Join(d.Dir(), imageFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return files, err
}

// hashes are the pictures that images name, removed ones too, and categories.
func hashes(ctx context.Context, d *db.DB) (map[string]bool, error) {
	var all []string
	err := db.Inspect(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&all, "SELECT hash FROM product_images UNION SELECT image_hash FROM categories WHERE image_hash IS NOT NULL")
	})
	if err != nil {
		return nil, fmt.Errorf("look for pictures in use: %w", err)
	}
	named := make(map[string]bool, len(all))
	for _, h := range all {
		named[h] = true
	}
	return named, nil
}
