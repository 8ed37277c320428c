package money_test

import (
	"testing"

	"onhand/db/money"

	"pgregory.net/rapid"
)

func TestAmountsAreReadExactlyOrRefused(t *testing.T) {
	for _, c := range []struct {
		text, currency string
		want           money.Amount
		bad            bool
	}{
		{text: "12.50", currency: "EUR", want: 1250}, {text: " 12.5 ", currency: "EUR", want: 1250}, {text: "-0.05", currency: "EUR", want: -5},
		{text: "12", currency: "EUR", want: 1200}, {text: ".5", currency: "EUR", want: 50}, {text: "5.", currency: "EUR", want: 500},
		{text: "12.500", currency: "EUR", want: 1250}, {text: "1250", currency: "JPY", want: 1250}, {text: "1250.00", currency: "JPY", want: 1250},
		{text: ".00", currency: "JPY"}, {text: "1.234", currency: "KWD", want: 1234},
		{text: "90071992547409.91", currency: "EUR", want: money.Max},
		{text: "90071992547409.92", currency: "EUR", bad: true}, {text: "99999999999999999999999", currency: "EUR", bad: true},
		{text: "12.505", currency: "EUR", bad: true}, {text: "12.5", currency: "JPY", bad: true}, {text: "1,234.50", currency: "EUR", bad: true},
		{text: "", currency: "EUR", bad: true}, {text: ".", currency: "EUR", bad: true}, {text: "-", currency: "EUR", bad: true}, {text: "--1", currency: "EUR", bad: true},
		{text: "+1", currency: "EUR", bad: true}, {text: "1e3", currency: "EUR", bad: true}, {text: "0x10", currency: "EUR", bad: true}, {text: "NaN", currency: "EUR", bad: true},
		{text: "1.2.3", currency: "EUR", bad: true}, {text: "１２", currency: "EUR", bad: true}, {text: "1_000", currency: "EUR", bad: true}, {text: "1.-5", currency: "EUR", bad: true},
		{text: "1", currency: "XXX", bad: true}, {text: "1", currency: "", bad: true},
	} {
		got, err := money.Parse(c.text, c.currency)
		if (err != nil) != c.bad || got != c.want {
			t.Errorf("%q in %s: %d, %v; want %d, bad %v", c.text, c.currency, got, err, c.want, c.bad)
		}
	}
}

func TestAmountsAreReadAsPeopleWriteThemWhenTheSeparatorIsKnown(t *testing.T) {
	for _, c := range []struct {
		text      string
		separator rune
		want      money.Amount
		bad       bool
	}{
		{text: "1.234,56", separator: ',', want: 123456}, {text: "1,234.56", separator: '.', want: 123456}, {text: "1234,5", separator: ',', want: 123450},
		{text: "1 234,56", separator: ',', want: 123456}, {text: "1\u202f234\u202f567,89", separator: ',', want: 123456789}, {text: "1'234.56", separator: '.', want: 123456},
		{text: "-1.234,56", separator: ',', want: -123456}, {text: "12,34,567.00", separator: '.', want: 123456700}, {text: "12", separator: ',', want: 1200},
		{text: ",50", separator: ',', want: 50},
		{text: "12.50", separator: ',', bad: true}, {text: "1.25", separator: ',', bad: true}, {text: "1.2345,00", separator: ',', bad: true}, {text: "1234.567,00", separator: ',', bad: true},
		{text: ".234,00", separator: ',', bad: true}, {text: "1,234,56", separator: ',', bad: true}, {text: "1.234'567,00", separator: ',', bad: true}, {text: "1,2.3", separator: ',', bad: true},
		{text: "", separator: ',', bad: true},
	} {
		got, err := money.ParseLocal(c.text, "EUR", c.separator)
		if (err != nil) != c.bad || got != c.want {
			t.Errorf("%q with %q: %d, %v; want %d, bad %v", c.text, c.separator, got, err, c.want, c.bad)
		}
	}
}

func TestFormattedAmountsReadBackTheSame(t *testing.T) {
	for _, c := range []struct {
		a              money.Amount
		currency, want string
	}{{1250, "EUR", "12.50"}, {-5, "EUR", "-0.05"}, {0, "EUR", "0.00"}, {1250, "JPY", "1250"}, {-7, "KWD", "-0.007"}, {money.Max, "EUR", "90071992547409.91"}} {
		if got := money.Format(c.a, c.currency); got != c.want {
			t.Errorf("%d in %s is %q, want %q", c.a, c.currency, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount(amounts.Draw(t, "amount"))
		currency := rapid.SampledFrom(money.Currencies()).Draw(t, "currency")
		if got, err := money.Parse(money.Format(a, currency), currency); err != nil || got != a {
			t.Fatalf("%d reads back as %d, %v", a, got, err)
		}
	})
}

func TestRatesAreReadAndWrittenAsPercentages(t *testing.T) {
	for text, want := range map[string]money.Rate{"19": 19000, "19%": 19000, " 7.7 % ": 7700, "8.875": 8875, "0": 0, "-0.5": -500} {
		if got, err := money.ParseRate(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "8.8755", "a", "1,5"} {
		if got, err := money.ParseRate(text); err == nil {
			t.Errorf("%q is read as %d", text, got)
		}
	}
	for rate, want := range map[money.Rate]string{19000: "19%", 8875: "8.875%", 7700: "7.7%", 5: "0.005%", 0: "0%", -500: "-0.5%", -1500: "-1.5%"} {
		if got := rate.String(); got != want {
			t.Errorf("%d is %q, want %q", rate, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"12.50", "1.234,56", "-", "٣", "1e400", "\x00", "1 234"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, separator := range []rune{'.', ','} {
			a, err := money.ParseLocal(s, "EUR", separator)
			if err != nil {
				continue
			}
			if again, err := money.Parse(money.Format(a, "EUR"), "EUR"); err != nil || again != a {
				t.Errorf("%q is %d, then %d, %v", s, a, again, err)
			}
		}
	})
}
