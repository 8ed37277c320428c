package mail

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed words
var wordFiles embed.FS

// phrase is a sentence of a language; one that counts has both forms that English and German know.
type phrase struct{ One, Other string }

// UnmarshalJSON reads a sentence, or an object of its two forms.
func (p *phrase) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		err := json.Unmarshal(b, &p.Other)
		p.One = p.Other
		return err
	}
	return json.Unmarshal(b, (*struct{ One, Other string })(p))
}

// languages are the words of each language, read with the first mail.
var languages = sync.OnceValue(func() map[string]map[string]phrase {
	all := map[string]map[string]phrase{}
	names, err := fs.Glob(wordFiles, "words/*.json")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		var phrases map[string]phrase
		b, err := wordFiles.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(b, &phrases)
		}
		if err != nil {
			panic(fmt.Sprintf("%s: %v", name, err)) // it is part of the program
		}
		all[strings.TrimSuffix(path.Base(name), ".json")] = phrases
	}
	return all
})

// voice speaks for a shop in its language. The first thing it cannot say stays in err.
type voice struct {
	shop     Shop
	language string
	phrases  map[string]phrase
	zone     *time.Location
	err      error
}

func newVoice(shop Shop) *voice {
	shop.Name, shop.Address = line(shop.Name), lines(shop.Address)
	shop.URL = strings.TrimRight(shop.URL, "/")
	v := &voice{shop: shop, zone: shop.Zone}
	v.language, _, _ = strings.Cut(strings.ToLower(shop.Language), "-")
	if v.language == "" || languages()[v.language] == nil {
		v.language = "en"
	}
	v.phrases = languages()[v.language]
	if v.zone == nil {
		v.zone = time.UTC
	}
	return v
}

// say is a sentence with names and values in turn put in. The value of "count" is a number and decides on its form.
func (v *voice) say(key string, with ...any) string {
	p, ok := v.phrases[key]
	if !ok {
		v.fail(fmt.Errorf("%s has no words for %s", v.language, key))
	}
	s, pairs := p.Other, make([]string, 0, len(with))
	for i := 0; i+1 < len(with); i += 2 {
		name, value := fmt.Sprint(with[i]), fmt.Sprint(with[i+1])
		if n, ok := with[i+1].(int64); ok {
			value = v.number(n)
			if name == "count" && n == 1 {
				s = p.One
			}
		}
		pairs = append(pairs, "{"+name+"}", value)
	}
	// All at once, so that nothing put in is taken for a place to put something in.
	return strings.NewReplacer(pairs...).Replace(s)
}

// split is a phrase that lists names, such as those of the months.
func (v *voice) split(key string) []string { return strings.Split(v.say(key), " ") }

// list joins names: "S, M and L". Nobody reads more than ten.
func (v *voice) list(texts []string) string {
	if len(texts) > 10 {
		return strings.Join(texts[:10], ", ") + ", …"
	}
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	last := len(texts) - 1
	return v.say("list_end", "rest", strings.Join(texts[:last], ", "), "last", texts[last])
}

// link is an address of the shop, "" while nobody said where it is reached.
func (v *voice) link(path string) string {
	if !strings.HasPrefix(v.shop.URL, "https://") && !strings.HasPrefix(v.shop.URL, "http://") {
		return ""
	}
	return v.shop.URL + path
}

func (v *voice) fail(err error) { v.err = errors.Join(v.err, err) }

// Facts are kept within these, in characters: they were checked when they were written, by somebody else.
const (
	longestLine = 400
	longestNote = 2000
)

// notes are the facts that may have several lines.
var notes = map[string]bool{"note": true, "reason": true, "reply": true, "message": true}

// cleanFacts takes everything out of the texts of facts that would break a line or turn text around, all of them at
// once so that none is forgotten.
func cleanFacts(facts []byte) ([]byte, error) {
	var all map[string]any
	d := json.NewDecoder(bytes.NewReader(facts))
	d.UseNumber() // an amount is not a float on its way either
	if err := d.Decode(&all); err != nil {
		return nil, err
	}
	return json.Marshal(clean("", all))
}

func clean(name string, fact any) any {
	switch fact := fact.(type) {
	case string:
		if notes[name] {
			return shorten(lines(fact), longestNote)
		}
		return shorten(line(fact), longestLine)
	case []any:
		for i := range fact {
			fact[i] = clean(name, fact[i])
		}
	case map[string]any:
		for name := range fact {
			fact[name] = clean(strings.ToLower(name), fact[name])
		}
	}
	return fact
}

// stores names what a mail is limited to, "" when it is not.
func (v *voice) stores(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return v.say("stores", "count", int64(len(names)), "stores", v.list(names))
}

// greeting addresses somebody, by name if it is known.
func (v *voice) greeting(name string) string {
	if name == "" {
		return v.say("greeting")
	}
	return v.say("greeting_name", "name", name)
}
