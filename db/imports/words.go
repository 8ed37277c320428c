package imports

import (
	"errors"

	"onhand/db"
	"onhand/db/table"
)

// asks are the questions in words.
var asks = map[string]string{
	"encoding":  "This file does not say in which encoding its letters are. Choose the one in which they look right.",
	"separator": "This file can be divided into columns in more than one way. Choose what separates them.",
	"decimal":   "The figures of this file can be read in two ways. Choose what stands before their decimals.",
}

// refusalOf is an open question of a file that was sent without its answer.
func refusalOf(q table.FileQuestion) *db.Error {
	return db.Refuse("ask_"+q.About, q.About, "%s", asks[q.About]).With("choices", q.Choices)
}

// readTable reads a file, with refusals for people. It fails with unknown_file, unknown_encoding, too_many_rows.
func readTable(data []byte, in table.Dialect, known func(header []string) bool) (*table.File, error) {
	t, err := table.Read(data, in, known)
	return t, inWords(err)
}

// inWords says what is wrong with a file as a whole.
func inWords(err error) error {
	switch {
	case errors.Is(err, table.ErrWorkbook):
		return unknownFile(`It is a workbook. Save it as "CSV UTF-8" and choose that file.`)
	case errors.Is(err, table.ErrBinary):
		return unknownFile(`It is no CSV file. Save it as "CSV UTF-8" and choose that file.`)
	case errors.Is(err, table.ErrLetters):
		return db.Refuse("unknown_encoding", "file", `The letters of this file cannot be read. Save it as "CSV UTF-8" and choose it again.`)
	case errors.Is(err, table.ErrNoHeader):
		return unknownFile("Its first row is no header row.")
	case errors.Is(err, table.ErrEmpty):
		return unknownFile("It is empty.")
	case errors.Is(err, table.ErrTooManyRows):
		return db.Refuse("too_many_rows", "file", "This file has more than %d rows. Split it and import one part after the other.", table.MostRows).With("max", table.MostRows)
	}
	return err
}
