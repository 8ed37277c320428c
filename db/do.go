package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
)

// keepReplies is how long a key answers with its first reply.
const keepReplies = 72 * hour

type requestKey struct{}

type request struct{ route, key string }

// WithKey puts an idempotency key into the context. The route names the command
// and its record, so one key cannot stand for two records.
func WithKey(ctx context.Context, route, key string) context.Context {
	return context.WithValue(ctx, requestKey{}, request{route, key})
}

// Keyed says whether an idempotency key came with the context.
func Keyed(ctx context.Context) bool {
	_, keyed := ctx.Value(requestKey{}).(request)
	return keyed
}

// KeyRequired refuses a command without a key that must not happen twice.
func KeyRequired() error {
	return Errorf(BadRequest, "key_required", "Send an Idempotency-Key header, a new one for each thing to do, so that it never happens twice.")
}

// WithPart is for a command of many parts, each of which is remembered by itself: under the command's key and the name of the part.
func WithPart(ctx context.Context, part string) context.Context {
	req, keyed := ctx.Value(requestKey{}).(request)
	if !keyed {
		return ctx
	}
	return WithKey(ctx, req.route+" "+part, req.key)
}

// WithoutKey is for what goes on after the command that began it: its steps are no repeats of each other.
func WithoutKey(ctx context.Context) context.Context {
	return context.WithValue(ctx, requestKey{}, nil)
}

// Do is Write for a command that may be sent twice: the first success under a
// key is stored with its reply in the same transaction, and every repeat by the
// same actor, or at the same device, on the same route answers that reply. The same key with another
// input is `key_reused`, and a repeat by somebody who may see other stores than the
// first time `done_before`. Refusals are not stored. Without a key it is Write.
func Do[T any](ctx context.Context, d *DB, in any, fn func(*Tx) (T, error)) (T, error) {
	var out, none T
	run := func(tx *Tx) (err error) {
		out, err = fn(tx)
		return err
	}
	if req, keyed := ctx.Value(requestKey{}).(request); keyed {
		body, err := json.Marshal(in)
		if err != nil {
			return none, fmt.Errorf("hash the request: %w", err)
		}
		hash := sha256.Sum256(body)
		run = func(tx *Tx) error {
			seen, err := tx.replay(req, hash[:], &out)
			if seen || err != nil {
				return err
			}
			if out, err = fn(tx); err != nil {
				return err
			}
			return tx.remember(req, hash[:], out)
		}
	}
	if err := Write(ctx, d, run); err != nil {
		return none, err // what fn made was not saved
	}
	return out, nil
}

func (tx *Tx) replay(req request, hash []byte, out any) (seen bool, err error) {
	var had []byte
	var reply, sight string
	err = tx.Row(`SELECT hash, reply, sight FROM replies WHERE key = ?3 AND route = ?2 AND (actor = ?1 OR device = ?4 AND device <> 0)
		ORDER BY actor = ?1 DESC LIMIT 1`, []any{tx.Actor.Key(), req.route, req.key, tx.Actor.DeviceID}, &had, &reply, &sight)
	switch {
	case errors.Is(err, ErrNoRow):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look up the key: %w", err)
	case string(had) != string(hash):
		return false, Errorf(Invalid, "key_reused", "This Idempotency-Key was used for another request. Make a new key.")
	}
	if sight != tx.Actor.Scope().Where("location") {
		return false, Errorf(Conflict, "done_before", "This was saved before, but what you may see has changed since. Look for it in the lists.")
	}
	if err := tx.readReply([]byte(reply), out); err != nil {
		return false, fmt.Errorf("read the stored reply: %w", err)
	}
	return true, nil
}

// readReply reads a stored reply, without costs for those who may not see them: it may be a colleague's.
func (tx *Tx) readReply(reply []byte, out any) error {
	if tx.Actor.Can("cost.read") {
		return json.Unmarshal(reply, out)
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(reply))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return err
	}
	b, err := json.Marshal(WithoutCosts(v))
	if err != nil {
		return err
	}
	return json.Unmarshal(b, out)
}

func (tx *Tx) remember(req request, hash []byte, out any) error {
	reply, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("store the reply: %w", err)
	}
	_, err = tx.Exec("INSERT INTO replies (actor, route, key, hash, reply, at, sight, device) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		tx.Actor.Key(), req.route, req.key, hash, string(reply), tx.Now, tx.Actor.Scope().Where("location"), tx.Actor.DeviceID)
	if err != nil {
		return fmt.Errorf("store the reply: %w", err)
	}
	return nil
}
