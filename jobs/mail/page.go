package mail

import (
	"net/url"
	"slices"
	"strings"
)

// page is what a mail says, before it is HTML or text.
type page struct {
	voice *voice

	Subject   string
	Preheader string // what a list of mails shows after the subject
	Title     string
	Blocks    []block
	Button    link // the one way to the record
	Why       string
	Stop      link
	oneClick  string
}

// link is a place to go to.
type link struct{ Label, URL string }

// block is a part of a page; what of it is there comes in this order.
type block struct {
	Heading string // level 2
	Group   string // level 3
	Figure  *figure
	Paras   []string
	Quote   []string // the lines of what somebody else wrote
	Chart   *chart
	Table   *table
}

// part is a block with the page it is a part of.
type part struct {
	Block block
	Page  *page
}

// Under is the block as a part of a page.
func (b block) Under(p *page) part { return part{b, p} }

// figure is the number that people act on.
type figure struct{ Label, Value, Note string }

// Size is in pixels: the largest that fits a telephone.
func (f figure) Size() int {
	if columns(f.Value) > 12 {
		return 26
	}
	return 40
}

// table is rows of a label and figures.
type table struct {
	Heads []string // of the label and of each figure; none where the labels say it all
	Rows  []row
	More  int64 // rows that are not shown
	Dense bool  // figures to look up rather than to read
}

// row is one of them.
type row struct {
	Label  string
	Notes  []string // small, below the label
	Values []string
	Strong bool
	Tone   string // red, amber or green, of what the words say too
}

// Language is the page's, as a tag.
func (p *page) Language() string { return p.voice.language }

// Shop is who writes.
func (p *page) Shop() Shop { return p.voice.shop }

// AddressLines are the shop's address.
func (p *page) AddressLines() []string { return splitLines(p.voice.shop.Address) }

// Rest says how many rows of a table are not shown.
func (p *page) Rest(n int64) string { return p.voice.say("and_more", "count", n) }

// add puts blocks at the end.
func (p *page) add(blocks ...block) { p.Blocks = append(p.Blocks, blocks...) }

// say puts a paragraph at the end; an empty one is none.
func (p *page) say(text string) {
	if text != "" {
		p.add(block{Paras: []string{text}})
	}
}

// quote puts in what somebody wrote, if they did.
func (p *page) quote(heading, text string) {
	if text != "" {
		p.add(block{Heading: heading, Quote: splitLines(text)})
	}
}

// button leads to a record.
func (p *page) button(v *voice, label, path string) {
	if to := v.link(path); to != "" {
		p.Button = link{v.say(label), to}
	}
}

// stoppable says why somebody gets the mail and lets them end it with a token.
func (p *page) stoppable(v *voice, why, token string) {
	p.Why = why
	if token == "" || v.link("/") == "" {
		return
	}
	p.Stop = link{v.say("stop"), v.link("/staff/unsubscribe?token=" + url.QueryEscape(token))}
	p.oneClick = v.link("/api/v1/unsubscribe/" + url.PathEscape(token))
}

// longest is how many rows the longest table has.
func (p *page) longest() (n int) {
	for _, b := range p.Blocks {
		if b.Table != nil {
			n = max(n, len(b.Table.Rows))
		}
	}
	return n
}

// cut is the page with no table longer than so many rows.
func (p *page) cut(most int) *page {
	short := *p
	short.Blocks = slices.Clone(p.Blocks)
	for i, b := range p.Blocks {
		if b.Table == nil || len(b.Table.Rows) <= most {
			continue
		}
		t := *b.Table
		t.More += int64(len(t.Rows) - most)
		t.Rows = t.Rows[:most]
		short.Blocks[i].Table = &t
	}
	return &short
}

func splitLines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}
