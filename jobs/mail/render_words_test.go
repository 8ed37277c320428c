package mail_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// wordsOf are the phrases of a language, each with its forms.
func wordsOf(t *testing.T, language string) map[string][]string {
	t.Helper()
	var raw map[string]any
	if err := json.Unmarshal(must(os.ReadFile(filepath.Join("words", language+".json"))), &raw); err != nil {
		t.Fatal(err)
	}
	words := map[string][]string{}
	for key, value := range raw {
		switch value := value.(type) {
		case string:
			words[key] = []string{value}
		case map[string]any:
			if len(value) != 2 {
				t.Errorf("%s: %s has the forms %v, want one and other", language, key, slices.Sorted(maps.Keys(value)))
			}
			one, _ := value["one"].(string)
			other, _ := value["other"].(string)
			words[key] = []string{one, other}
		}
		for _, form := range words[key] {
			if strings.TrimSpace(form) == "" {
				t.Errorf("%s has no words for %s", language, key)
			}
		}
	}
	return words
}

func TestRenderedWordsAreTheSameInBothLanguages(t *testing.T) {
	t.Parallel()
	en, de := wordsOf(t, "en"), wordsOf(t, "de")
	for key := range en {
		if _, ok := de[key]; !ok {
			t.Errorf("German has no words for %s", key)
		}
	}
	for key, forms := range de {
		if _, ok := en[key]; !ok {
			t.Errorf("English has no words for %s", key)
			continue
		}
		// What stands in the form for many has to be known in the other language, too; only the one of a form for one may be a word.
		if got, want := places(forms), places(en[key]); !slices.Equal(got, want) {
			t.Errorf("%s has %v in German and %v in English", key, got, want)
		}
	}
}

func places(forms []string) []string {
	found := placeholder.FindAllString(forms[len(forms)-1], -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestRenderedWordsAreAllUsed(t *testing.T) {
	t.Parallel()
	var source strings.Builder
	for _, file := range must(filepath.Glob("*.go")) {
		if !strings.HasSuffix(file, "_test.go") {
			source.Write(must(os.ReadFile(file)))
		}
	}
	for key := range wordsOf(t, "en") {
		if !strings.Contains(source.String(), `"`+key+`"`) {
			t.Errorf("nobody says %s", key)
		}
	}
	for _, found := range regexp.MustCompile(`v(?:oice)?\.(?:say|split)\("([a-z_]+)"`).FindAllStringSubmatch(source.String(), -1) {
		if wordsOf(t, "en")[found[1]] == nil {
			t.Errorf("there are no words for %s", found[1])
		}
	}
}

func TestRenderedMailsBringEveryPhrase(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, m := range everyMail() {
		r := rendered(t, cornerShop("de"), m.kind, m.facts)
		all.WriteString(r.Subject + "\n" + r.Text + "\n" + strings.ReplaceAll(r.HTML, "\u00a0", " ") + "\n")
	}
	said := strings.Join(strings.Fields(all.String()), " ")
	for key, forms := range wordsOf(t, "de") {
		if slices.ContainsFunc(forms, func(form string) bool { return spoken(form, said) }) {
			continue
		}
		t.Errorf("no golden mail says %s", key)
	}
}

// spoken finds the longest words of a phrase between what is put in.
func spoken(form, said string) bool {
	longest := ""
	for _, words := range placeholder.Split(strings.ReplaceAll(form, "\u00a0", " "), -1) {
		if len(words) > len(longest) {
			longest = words
		}
	}
	return strings.Contains(said, strings.TrimSpace(longest)) || strings.Count(form, " ") >= 6 && !strings.Contains(form, "{") // names to choose from
}
