package db

import (
	"errors"
	"fmt"
)

// Kind says what sort of refusal an Error is; the server maps it to a status.
type Kind int

// The kinds of refusal.
const (
	Invalid Kind = iota + 1
	BadRequest
	Unauthenticated
	Forbidden
	Missing
	Conflict
	TooLarge
	Throttled
	Unavailable
	Full
)

// Error is a refusal a person can act on. Any other error is a bug and leaves
// the process as a bare 500.
type Error struct {
	Kind Kind
	// Code is stable; clients word it in the person's language.
	Code string
	// Params are the figures and names of the message, for the client's wording.
	Params map[string]any
	// Message is one plain English sentence: what is wrong, what to do.
	Message string
	// Field is where in the input, as "lines[0].quantity"; empty when nowhere.
	Field string
	// Also are further errors of the same input.
	Also []*Error

	cause error
}

// Error is the message, and the cause for the log.
func (e *Error) Error() string {
	if e.cause != nil {
		return e.Message + " (" + e.cause.Error() + ")"
	}
	return e.Message
}

// Unwrap is the cause, never shown to clients.
func (e *Error) Unwrap() error { return e.cause }

// With adds a figure or name for the client's wording.
func (e *Error) With(key string, value any) *Error {
	if e.Params == nil {
		e.Params = make(map[string]any)
	}
	e.Params[key] = value
	return e
}

// Errorf makes a refusal that belongs to no field.
func Errorf(kind Kind, code, message string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(message, args...)}
}

// Refuse makes a refusal of one input field.
func Refuse(code, field, message string, args ...any) *Error {
	return &Error{Kind: Invalid, Code: code, Field: field, Message: fmt.Sprintf(message, args...)}
}

// NotFound says that something does not exist, or not for this actor.
func NotFound(what string) *Error {
	return Errorf(Missing, "not_found", "There is no such %s.", what).With("what", what)
}

// Denied says that the actor may not do this.
func Denied(permission string) *Error {
	return Errorf(Forbidden, "forbidden", "You are not allowed to do this. Ask the owner.").With("permission", permission)
}

// Stale says that somebody else changed the record first; current is its state.
func Stale(current any) *Error {
	return Errorf(Conflict, "stale", "Somebody else changed this in the meantime. Look at their version and try again.").With("current", current)
}

// Illegal refuses a move between two states, naming both.
func Illegal(what string, from, to any) *Error {
	return Errorf(Conflict, "illegal_move", "This %s is %v; it cannot become %v.", what, from, to).
		With("what", what).With("from", from).With("to", to)
}

// Blame puts an error's field below another: Blame(err, "lines[%d]", 2) makes
// "quantity" into "lines[2].quantity". Errors that are no Error pass unchanged.
func Blame(err error, format string, args ...any) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	below := *e
	prefix := fmt.Sprintf(format, args...)
	switch {
	case e.Field == "":
		below.Field = prefix
	case e.Field[0] == '[':
		below.Field = prefix + e.Field
	default:
		below.Field = prefix + "." + e.Field
	}
	below.Also = nil
	for _, a := range e.Also {
		var b *Error
		if errors.As(Blame(a, "%s", prefix), &b) {
			below.Also = append(below.Also, b)
		}
	}
	return &below
}

// Together makes one error of several refusals of the same input: the first,
// with the others beside it; nil when there are none.
func Together(refusals []*Error) error {
	if len(refusals) == 0 {
		return nil
	}
	all := *refusals[0]
	all.Also = append(append([]*Error(nil), all.Also...), refusals[1:]...)
	return &all
}

// CodeOf is the code of a refusal, "" for anything else.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
