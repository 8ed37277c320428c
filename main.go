// Onhand is order and stock management for a small shop that hosts it itself: one program, one file.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v3"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/demo"
	"onhand/db/doctor"
	"onhand/db/settings"
	"onhand/jobs"
	"onhand/server"
)

// version is set by the build (-ldflags "-X main.version=...").
var version = "dev"

// stopTime is how long requests, sockets and jobs may take to end after SIGTERM.
const stopTime = 15 * time.Second

func main() {
	if err := run(context.Background(), os.Args, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "onhand:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	serve := alone(func(ctx context.Context, c *cli.Command) error { return serve(ctx, c, stdout, stderr) })
	root := &cli.Command{
		Name: "onhand", Usage: "orders and stock for a small shop", Version: version, HideVersion: true,
		Writer: stdout, ErrWriter: stderr, ExitErrHandler: func(context.Context, *cli.Command, error) {},
		Flags: serveFlags(), Action: serve,
		Commands: []*cli.Command{
			{Name: "serve", Usage: "open the shop (the default)", Flags: serveFlags(), Action: serve},
			{Name: "demo", Usage: "open a made-up shop to look around in",
				Flags:  append(serveFlags(), &cli.StringFlag{Name: "language", Value: "en", Usage: "that the shop speaks: en or de", Sources: cli.EnvVars("ONHAND_LANGUAGE")}),
				Action: alone(func(ctx context.Context, c *cli.Command) error { return lookAround(ctx, c, stdout, stderr) })},
			{Name: "doctor", Usage: "check everything that must hold in a shop that is stopped",
				Flags:  []cli.Flag{dataFlag(), &cli.BoolFlag{Name: "json", Usage: "print the findings as JSON"}},
				Action: alone(func(ctx context.Context, c *cli.Command) error { return examine(ctx, c, stdout) })},
			{Name: "openapi", Usage: "print the OpenAPI document", Action: alone(func(context.Context, *cli.Command) error { return openapi(stdout) })},
			{Name: "version", Usage: "print the version", Action: alone(func(context.Context, *cli.Command) error {
				_, err := fmt.Fprintln(stdout, "onhand", version)
				return err
			})},
		},
	}
	return root.Run(ctx, args)
}

// alone refuses what is left of the command line: a mistyped command must not open a shop.
func alone(action cli.ActionFunc) cli.ActionFunc {
	return func(ctx context.Context, c *cli.Command) error {
		if c.Args().Present() {
			return fmt.Errorf("there is no command %s; onhand help lists them", strings.TrimPrefix(c.FullName()+" "+c.Args().First(), "onhand "))
		}
		return action(ctx, c)
	}
}

func dataFlag() cli.Flag {
	return &cli.StringFlag{Name: "data", Value: "./data", Usage: "the folder that holds the shop", Sources: cli.EnvVars("ONHAND_DATA")}
}

func serveFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "addr", Value: "127.0.0.1:8080", Usage: "where to listen", Sources: cli.EnvVars("ONHAND_ADDR")},
		dataFlag(),
		&cli.StringFlag{Name: "public-url", Usage: "where people reach the shop, when a proxy stands in front", Sources: cli.EnvVars("ONHAND_PUBLIC_URL")},
		&cli.StringFlag{Name: "setup-token", Usage: "what opens the set-up, instead of a random token", Sources: cli.EnvVars("ONHAND_SETUP_TOKEN")},
		&cli.StringFlag{Name: "log", Value: "text", Usage: "text or json", Sources: cli.EnvVars("ONHAND_LOG")},
		&cli.StringFlag{Name: "log-level", Value: "info", Usage: "debug, info, warn or error", Sources: cli.EnvVars("ONHAND_LOG_LEVEL")},
	}
}

func openapi(stdout io.Writer) error {
	document, err := server.New(nil, server.Options{Version: version}).Document()
	if err != nil {
		return err
	}
	// A line for each thing: its difference is read by people, and two changes of it can be merged.
	var lines bytes.Buffer
	if err := json.Indent(&lines, document, "", "\t"); err != nil {
		return err
	}
	lines.WriteByte('\n')
	_, err = lines.WriteTo(stdout)
	return err
}

// serve opens the shop and keeps it open until ctx ends. It stops in order: no new requests, sockets closed, requests
// finished, jobs stopped, and the file closed last.
func serve(ctx context.Context, c *cli.Command, stdout, stderr io.Writer) (err error) {
	log, err := logger(c.String("log"), c.String("log-level"), stderr)
	if err != nil {
		return err
	}
	public, err := publicURL(c.String("public-url"))
	if err != nil {
		return err
	}
	ln, err := server.Listen(c.String("addr"))
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, db.Options{Dir: c.String("data"), Log: log})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	token, err := setupToken(ctx, d, c.String("setup-token"))
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	timetable, err := jobs.New(d, jobs.Options{URL: address(ln.Addr(), public), Fixed: public != nil, Log: log})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	s := server.New(d, server.Options{Version: version, PublicURL: public, SetupToken: token, Site: pages(), Log: log, Jobs: timetable, Mail: timetable})
	announce(stdout, ln.Addr(), public, token)
	timetable.Start()
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	select {
	case err = <-served:
	case <-d.Failed():
		err = d.Healthy()
	case <-ctx.Done():
		log.Info("stopping")
	}
	ending, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	return errors.Join(err, s.Close(ending), timetable.Stop(ending))
}

// lookAround serves a demo: of the folder that is named, where it is made once, or of one that is gone afterwards.
func lookAround(ctx context.Context, c *cli.Command, stdout, stderr io.Writer) (err error) {
	if !c.IsSet("data") {
		dir, err := os.MkdirTemp("", "onhand-demo-")
		if err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		if err := c.Set("data", dir); err != nil {
			return err
		}
	}
	fmt.Fprintln(stdout, "A demo is being made; that takes half a minute.")
	d, err := db.Open(ctx, db.Options{Dir: c.String("data")})
	if err == nil {
		err = errors.Join(demo.Own(ctx, d, c.String("language")), d.Close())
	}
	switch {
	case ctx.Err() != nil: // somebody stopped it: the next start of the folder makes it anew
		return nil
	case err != nil:
		return err
	}
	fmt.Fprintf(stdout, "Sign in under /staff as %s with the password %q.\nThe staff take tablets over with PIN %s.\n", demo.Email, demo.Password, demo.PIN)
	return serve(ctx, c, stdout, stderr)
}

// examine runs the doctor and prints what it finds. A finding is an error: the command ends with 1.
func examine(ctx context.Context, c *cli.Command, stdout io.Writer) error {
	findings, failure := findings(ctx, c.String("data"))
	if c.Bool("json") {
		if failure != nil {
			findings = append(findings, doctor.Report{Room: "file", Finding: db.Finding{Rule: "can be examined", Row: db.FileName, Message: failure.Error()}})
		}
		if err := json.NewEncoder(stdout).Encode(map[string]any{"healthy": len(findings) == 0, "findings": findings}); err != nil {
			return err
		}
	} else {
		for _, f := range findings {
			fmt.Fprintf(stdout, "%s: %s, %s: %s\n", f.Room, f.Rule, f.Row, f.Message)
		}
	}
	if failure != nil {
		return failure
	}
	if n := len(findings); n > 0 {
		return fmt.Errorf("%d invariants are broken; nothing was changed", n)
	}
	if !c.Bool("json") {
		fmt.Fprintln(stdout, "Everything holds.")
	}
	return nil
}

// findings are what the doctor says of the shop in a folder, as it is: nothing is made there and nothing upgraded.
func findings(ctx context.Context, dir string) (found []doctor.Report, err error) {
	if _, err := os.Stat(filepath.Join(dir, db.FileName)); err != nil {
		return nil, fmt.Errorf("there is no shop in %s; name its folder with --data", dir)
	}
	d, err := db.Open(ctx, db.Options{Dir: dir, AsItIs: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return doctor.Run(ctx, d)
}

// setupToken is the token that opens the set-up; empty when the shop exists.
func setupToken(ctx context.Context, d *db.DB, wish string) (string, error) {
	_, err := settings.Current(ctx, d)
	switch {
	case err == nil:
		return "", nil
	case db.CodeOf(err) != "not_set_up":
		return "", err
	case wish != "":
		return wish, nil
	}
	return auth.NewToken(), nil
}

// address is where people reach the shop.
func address(addr net.Addr, public *url.URL) string {
	if public != nil {
		return public.String()
	}
	return "http://" + addr.String()
}

func announce(stdout io.Writer, addr net.Addr, public *url.URL, token string) {
	at := address(addr, public)
	fmt.Fprintf(stdout, "Onhand is open at %s\n", at)
	if token != "" {
		// Behind #, the token is not sent anywhere and so stands in no log.
		fmt.Fprintf(stdout, "Set your shop up: %s/staff/setup#token=%s\nThe set-up token is %s\n", at, url.QueryEscape(token), token)
	}
}

func publicURL(s string) (*url.URL, error) {
	if s == "" {
		return nil, nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" && u.Path != "/" {
		return nil, fmt.Errorf("--public-url %q is no address such as https://shop.example.com", s)
	}
	u.Path = ""
	return u, nil
}

func logger(format, level string, to io.Writer) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("--log-level %q is none of debug, info, warn, error", level)
	}
	o := &slog.HandlerOptions{Level: l}
	switch format {
	case "json":
		return slog.New(slog.NewJSONHandler(to, o)), nil
	case "text":
		return slog.New(slog.NewTextHandler(to, o)), nil
	}
	return nil, fmt.Errorf("--log %q is neither text nor json", format)
}
