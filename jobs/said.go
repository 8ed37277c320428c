package jobs

import (
	"fmt"
	"strings"

	"onhand/db/tasks"
)

// sentences are what runs did, in English; the pages word the codes in other languages.
var sentences = map[string]string{
	"failed":            "It failed; the log says why.",
	"mail_delivered":    "Mails sent: {sent}, failed: {failed}, given up: {given}.",
	"mail_not_set_up":   "Mail is not set up yet.",
	"alerts_told":       "New alerts: {opened}, mails: {mails}, orders that wait no more: {covered}.",
	"summary_so_far":    "Today so far, mails: {mails}.",
	"summaries":         "Days summed up: {days}.",
	"holds_released":    "Orders expired: {orders}.",
	"points_worked_out": "Reorder points that moved: {points}.",
	"check_sound":       "Everything holds.",
	"check_found":       "Findings: {findings}.",
	"cleaned":           "Removed: {events} events and stored replies, {sessions} sessions, {files} imported files, {mails} mails, {pictures} files of pictures.",
}

// said is what a run did, with its numbers by name: said("summaries", "days", 3).
func said(code string, numbers ...any) tasks.Said {
	s := tasks.Said{Text: sentences[code], Code: code, Params: tasks.RunParams{}}
	for i := 0; i+1 < len(numbers); i += 2 {
		name, n := numbers[i].(string), numbers[i+1]
		text := fmt.Sprint(n)
		switch n := n.(type) {
		case int:
			s.Params[name] = int64(n)
		case int64:
			s.Params[name] = n
		}
		s.Text = strings.ReplaceAll(s.Text, "{"+name+"}", text)
	}
	return s
}
