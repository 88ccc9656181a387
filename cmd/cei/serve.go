package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/serve"
)

func serveCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "serve",
		Usage:     "answer over HTTP what trained models say about measured momenta",
		ArgsUsage: "DIR|NAME=DIR ...",
		Description: "Speaks the Open Inference Protocol (v2) under /v2, and the field's own terms at /v1/retrieve; /openapi.yaml describes both.\n" +
			"A model is called by its NAME, or else as its run directory is. Logs go to standard error, a line of JSON a request.\n" +
			"An interrupt or SIGTERM ends it: it is not ready any more, answers what is under way, and exits with 0, or with 1 where\n" +
			"that takes longer than --drain-timeout. CEI_TOKEN, or --token-file, holds a token that clients must send.\n" +
			"Example: cei serve run/cinn --listen 127.0.0.1:8000",
		Flags: flagsOf(serveSettings(&serveOptions{})),
		Action: func(c *cli.Context) error {
			var o serveOptions
			apply(c, serveSettings(&o))
			return runServe(c.Context, c.Args().Slice(), o, s)
		},
	}
}

func runServe(ctx context.Context, runs []string, o serveOptions, s streams) (err error) {
	if err := o.check(runs); err != nil {
		return err
	}
	level, err := o.level()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(s.err, &slog.HandlerOptions{Level: level}))
	config, err := o.config(log)
	if err != nil {
		return err
	}
	device, err := o.startAlone()
	if err != nil {
		return err
	}
	if device != binding.CPU && o.Workers == nil {
		config.Workers = 1 // a device takes one batch after the other
	}
	models, err := openModels(ctx, runs, device, s)
	defer func() { err = errors.Join(err, closeModels(models)) }()
	if err != nil {
		return err
	}
	defer collectForServing()()
	server, err := serve.New(models, config)
	if err != nil {
		return err
	}
	return server.Run(ctx, func(at net.Addr) {
		for _, m := range models {
			log.Info("model", "name", m.Name, "version", m.Version, "kind", m.Inverse.Kind(), "members", m.Inverse.Members(), "device", device.String())
		}
		log.Info("listening", "address", at.String(), "tls", config.TLSCert != "", "token", config.Token != "")
	})
}

// openModels opens runs, each named or called as its directory is.
func openModels(ctx context.Context, runs []string, on binding.Device, s streams) (models []*serve.Model, err error) {
	for _, run := range runs {
		name, dir := modelAndDir(run)
		m, err := serve.Open(ctx, name, dir, posterior.OnDevice(on))
		if err != nil {
			return models, err
		}
		models = append(models, m)
		if !m.Inverse.Encoding().Plain() {
			m.Recipe = recipeBehind(m.Inverse.Run(), &dataset.Events{}, s)
		}
	}
	return models, nil
}

// modelAndDir takes NAME=DIR apart. What stands before an equals sign in a path is no name.
func modelAndDir(run string) (name, dir string) {
	if name, dir, ok := strings.Cut(run, "="); ok && !strings.ContainsRune(name, filepath.Separator) {
		return name, dir
	}
	whole, err := filepath.Abs(run)
	if err != nil {
		whole = run
	}
	return filepath.Base(whole), run
}

func closeModels(models []*serve.Model) (err error) {
	for _, m := range models {
		err = errors.Join(err, m.Inverse.Close())
	}
	return err
}
