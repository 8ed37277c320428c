package imports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"onhand/db"
)

// headerKey is a header row in short: files with the same columns in the same order share a mapping, also one of rejected rows.
func headerKey(header []string) string {
	if last := len(header) - 1; last > 0 && key(header[last]) == key(reasonColumn) {
		header = header[:last]
	}
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = key(h)
	}
	sum := sha256.Sum256([]byte(strings.Join(names, "\x1f")))
	return hex.EncodeToString(sum[:])
}

// recall is the mapping that was last committed for a header row, nil for none.
func recall(ctx context.Context, d *db.DB, kind string, header []string) (mapping map[string]string, err error) {
	var kept string
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Row("SELECT mapping FROM import_mappings WHERE kind = ?1 AND header = ?2", []any{kind, headerKey(header)}, &kept)
	})
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(kept), &mapping)
	}
	if err != nil {
		return nil, fmt.Errorf("recall a mapping: %w", err)
	}
	return mapping, nil
}

// rememberMapping keeps how the columns of a committed file were named by hand.
func rememberMapping(tx *db.Tx, kind string, header []string, mapping map[string]string) error {
	if len(mapping) == 0 {
		return nil
	}
	kept, err := json.Marshal(mapping)
	if err != nil {
		return fmt.Errorf("remember a mapping: %w", err)
	}
	_, err = tx.Exec(`INSERT INTO import_mappings (kind, header, mapping, updated_at) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (kind, header) DO UPDATE SET mapping = ?3, updated_at = ?4`, kind, headerKey(header), string(kept), tx.Now)
	if err != nil {
		return fmt.Errorf("remember a mapping: %w", err)
	}
	return nil
}
