package mlflow

import (
	"fmt"
	"net/url"
	"os"
	"strings"
)

// Options say where a training is tracked, and as what.
type Options struct {
	URI        string // of the tracking server, as http://localhost:5000; may hold name:password@
	Experiment string // by its name; made where it is not there
	RunName    string // empty lets the server choose
	Params     map[string]string
	Tags       map[string]string

	Token          string // sent as a bearer token; goes before name and password
	User, Password string // of basic authentication

	File   string // that keeps the run's id; empty keeps it nowhere
	Resume bool   // continue the run in File where there is one

	Warn func(error) // called at most once, from another goroutine, when something fails for the first time
}

// FromEnvironment fills in what MLflow's own clients take from the environment: MLFLOW_TRACKING_TOKEN,
// MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD; and where they are empty, the URI from MLFLOW_TRACKING_URI and the
// experiment from MLFLOW_EXPERIMENT_NAME.
func (o Options) FromEnvironment() Options {
	o.Token, o.User, o.Password = os.Getenv("MLFLOW_TRACKING_TOKEN"), os.Getenv("MLFLOW_TRACKING_USERNAME"), os.Getenv("MLFLOW_TRACKING_PASSWORD")
	if o.URI == "" {
		o.URI = os.Getenv("MLFLOW_TRACKING_URI")
	}
	if o.Experiment == "" {
		o.Experiment = os.Getenv("MLFLOW_EXPERIMENT_NAME")
	}
	return o
}

// Check says what is wrong with the options, without asking the server.
func (o Options) Check() error {
	if o.Experiment == "" {
		return fmt.Errorf("mlflow: the name of the experiment is empty")
	}
	_, err := o.base()
	return err
}

// base returns the server's address without what is secret in it.
func (o Options) base() (*url.URL, error) {
	u, err := url.Parse(o.URI)
	if err != nil {
		return nil, fmt.Errorf("mlflow: the tracking URI is none: want one as http://localhost:5000") // err would show a password
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("mlflow: tracking URI %q: want that of a tracking server, as http://localhost:5000", u.Redacted())
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u, nil
}

// login returns name and password.
func (o Options) login() (user, password string) {
	if o.User != "" {
		return o.User, o.Password
	}
	if u, err := url.Parse(o.URI); err == nil && u.User != nil {
		password, _ = u.User.Password()
		return u.User.Username(), password
	}
	return "", ""
}
