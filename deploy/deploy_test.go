// Package deploy_test holds the files of this folder to what the systems that read them ask for.
package deploy_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const imageUser = 65532 // the Dockerfile's USER

type labels map[string]string

// object is what these tests look at of a Kubernetes object of any kind.
type object struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct {
		Name   string `yaml:"name"`
		Labels labels `yaml:"labels"`
	} `yaml:"metadata"`
	Spec struct {
		ClusterIP      string `yaml:"clusterIP"`
		CompletionMode string `yaml:"completionMode"`
		Completions    int    `yaml:"completions"`
		BackoffLimit   int    `yaml:"backoffLimit"`
		Selector       any    `yaml:"selector"`
		PodSelector    any    `yaml:"podSelector"`
		Ports          []port `yaml:"ports"`
		Template       *pod   `yaml:"template"`
	} `yaml:"spec"`
}

type port struct {
	Name          string `yaml:"name"`
	Port          int    `yaml:"port"`
	TargetPort    string `yaml:"targetPort"`
	ContainerPort int    `yaml:"containerPort"`
}

type pod struct {
	Metadata struct {
		Labels labels `yaml:"labels"`
	} `yaml:"metadata"`
	Spec struct {
		Subdomain       string         `yaml:"subdomain"`
		RestartPolicy   string         `yaml:"restartPolicy"`
		GraceSeconds    int            `yaml:"terminationGracePeriodSeconds"`
		Token           *bool          `yaml:"automountServiceAccountToken"`
		SecurityContext map[string]any `yaml:"securityContext"`
		Containers      []container    `yaml:"containers"`
		Volumes         []struct {
			Name  string `yaml:"name"`
			Claim struct {
				Name string `yaml:"claimName"`
			} `yaml:"persistentVolumeClaim"`
		} `yaml:"volumes"`
	} `yaml:"spec"`
}

type container struct {
	Name            string         `yaml:"name"`
	Image           string         `yaml:"image"`
	Args            []string       `yaml:"args"`
	Env             []variable     `yaml:"env"`
	Ports           []port         `yaml:"ports"`
	SecurityContext map[string]any `yaml:"securityContext"`
	Resources       struct {
		Requests labels `yaml:"requests"`
		Limits   labels `yaml:"limits"`
	} `yaml:"resources"`
	Mounts []struct {
		Name string `yaml:"name"`
		Path string `yaml:"mountPath"`
	} `yaml:"volumeMounts"`
	StartupProbe   *probe `yaml:"startupProbe"`
	ReadinessProbe *probe `yaml:"readinessProbe"`
	LivenessProbe  *probe `yaml:"livenessProbe"`
}

type variable struct {
	Name  string `yaml:"name"`
	Value string `yaml:"value"`
}

type probe struct {
	HTTPGet struct {
		Path string `yaml:"path"`
		Port string `yaml:"port"`
	} `yaml:"httpGet"`
}

func objects(t *testing.T) (all []object) {
	paths, err := filepath.Glob("kubernetes/*.yaml")
	require.NoError(t, err)
	for _, path := range paths {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		decoder := yaml.NewDecoder(bytes.NewReader(content))
		for {
			var o object
			err := decoder.Decode(&o)
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, path)
			require.NotEmpty(t, o.Kind, path)
			require.NotEmpty(t, o.APIVersion, path)
			if o.Kind != "Kustomization" {
				require.NotEmpty(t, o.Metadata.Name, path)
			}
			all = append(all, o)
		}
	}
	return all
}

func find(t *testing.T, kind, name string) object {
	for _, o := range objects(t) {
		if o.Kind == kind && o.Metadata.Name == name {
			return o
		}
	}
	t.Fatalf("there is no %s %s", kind, name)
	return object{}
}

func TestPodsAreConfined(t *testing.T) {
	pods := 0
	claims := map[string]bool{}
	for _, o := range objects(t) {
		claims[o.Metadata.Name] = claims[o.Metadata.Name] || o.Kind == "PersistentVolumeClaim"
	}
	for _, o := range objects(t) {
		if o.Spec.Template == nil {
			continue
		}
		pods++
		p := o.Spec.Template.Spec
		assert.Equal(t, true, p.SecurityContext["runAsNonRoot"], o.Metadata.Name)
		assert.EqualValues(t, imageUser, p.SecurityContext["runAsUser"], o.Metadata.Name)
		assert.EqualValues(t, imageUser, p.SecurityContext["fsGroup"], o.Metadata.Name)
		assert.Equal(t, map[string]any{"type": "RuntimeDefault"}, p.SecurityContext["seccompProfile"], o.Metadata.Name)
		require.NotNil(t, p.Token, o.Metadata.Name)
		assert.False(t, *p.Token, o.Metadata.Name)
		for _, c := range p.Containers {
			assert.Equal(t, false, c.SecurityContext["allowPrivilegeEscalation"], o.Metadata.Name)
			assert.Equal(t, true, c.SecurityContext["readOnlyRootFilesystem"], o.Metadata.Name)
			assert.Equal(t, map[string]any{"drop": []any{"ALL"}}, c.SecurityContext["capabilities"], o.Metadata.Name)
			assert.NotEmpty(t, c.Resources.Requests["memory"], o.Metadata.Name)
			assert.NotEmpty(t, c.Resources.Limits["memory"], o.Metadata.Name)
			volumes := map[string]bool{}
			for _, v := range p.Volumes {
				volumes[v.Name] = true
				assert.True(t, v.Claim.Name == "" || claims[v.Claim.Name], "%s: no claim %s", o.Metadata.Name, v.Claim.Name)
			}
			for _, m := range c.Mounts {
				assert.True(t, volumes[m.Name], "%s: no volume %s", o.Metadata.Name, m.Name)
			}
			assert.True(t, volumes["tmp"], "%s: a read-only root needs a place for what is temporary", o.Metadata.Name)
		}
	}
	assert.Equal(t, 4, pods)
}

// Services, budgets and policies choose by labels that pods have, and a Deployment's are its own pods'.
func TestSelectorsFindPods(t *testing.T) {
	for _, o := range objects(t) {
		for _, selector := range []any{o.Spec.Selector, o.Spec.PodSelector} {
			wanted, ok := selector.(map[string]any)
			if !ok {
				continue
			}
			if inner, ok := wanted["matchLabels"].(map[string]any); ok {
				wanted = inner
			}
			assert.True(t, chosen(objects(t), wanted), "%s %s selects no pod", o.Kind, o.Metadata.Name)
		}
	}
}

func chosen(all []object, wanted map[string]any) bool {
	for _, o := range all {
		if o.Spec.Template == nil {
			continue
		}
		fits := true
		for key, value := range wanted {
			fits = fits && o.Spec.Template.Metadata.Labels[key] == value
		}
		if fits {
			return true
		}
	}
	return false
}

func TestServing(t *testing.T) {
	o := find(t, "Deployment", "cei-serve")
	c := o.Spec.Template.Spec.Containers[0]
	assert.Equal(t, "http", c.Ports[0].Name)
	assert.Contains(t, c.Args, "0.0.0.0:"+strconv.Itoa(c.Ports[0].ContainerPort))
	assert.Equal(t, "http", find(t, "Service", "cei-serve").Spec.Ports[0].TargetPort)
	for path, p := range map[string][]*probe{"/v2/health/ready": {c.StartupProbe, c.ReadinessProbe}, "/v2/health/live": {c.LivenessProbe}} {
		for _, each := range p {
			require.NotNil(t, each)
			assert.Equal(t, path, each.HTTPGet.Path)
			assert.Equal(t, "http", each.HTTPGet.Port)
		}
	}
	grace := time.Duration(o.Spec.Template.Spec.GraceSeconds) * time.Second
	assert.Greater(t, grace, duration(t, c.Args, "--drain-delay")+duration(t, c.Args, "--drain-timeout"))
}

func duration(t *testing.T, args []string, flag string) time.Duration {
	for i, a := range args[:len(args)-1] {
		if a == flag {
			d, err := time.ParseDuration(args[i+1])
			require.NoError(t, err)
			return d
		}
	}
	t.Fatalf("no %s in %v", flag, args)
	return 0
}

// checkpointTime is what a training may take from the signal to its end.
const checkpointTime = 5 * time.Second

func TestJobsResume(t *testing.T) {
	for _, name := range []string{"cei-train", "cei-train-parallel"} {
		o := find(t, "Job", name)
		p := o.Spec.Template.Spec
		assert.Equal(t, "Never", p.RestartPolicy)
		assert.Contains(t, p.Containers[0].Args, "--resume")
		assert.Positive(t, o.Spec.BackoffLimit)
		assert.Greater(t, time.Duration(p.GraceSeconds)*time.Second, checkpointTime)
	}
}

// The processes of a parallel training find the first of them by its pod's name below the headless Service's.
func TestParallelTrainingMeets(t *testing.T) {
	job, service := find(t, "Job", "cei-train-parallel"), find(t, "Service", "cei-train-parallel")
	assert.Equal(t, "Indexed", job.Spec.CompletionMode)
	assert.Equal(t, "None", service.Spec.ClusterIP)
	p := job.Spec.Template.Spec
	assert.Equal(t, service.Metadata.Name, p.Subdomain)
	assert.Equal(t, strconv.Itoa(job.Spec.Completions), value(p.Containers[0], "WORLD_SIZE"))
	assert.Equal(t, job.Metadata.Name+"-0."+service.Metadata.Name, value(p.Containers[0], "MASTER_ADDR"))
	assert.Equal(t, strconv.Itoa(service.Spec.Ports[0].Port), value(p.Containers[0], "MASTER_PORT"))
}

func TestSharesAreAsManyAsPods(t *testing.T) {
	job := find(t, "Job", "cei-sample")
	assert.Equal(t, "Indexed", job.Spec.CompletionMode)
	assert.Equal(t, strconv.Itoa(job.Spec.Completions), value(job.Spec.Template.Spec.Containers[0], "CEI_SHARDS"))
}

func value(c container, name string) string {
	for _, v := range c.Env {
		if v.Name == name {
			return v.Value
		}
	}
	return ""
}

func TestKustomizationNamesFilesThatAreThere(t *testing.T) {
	content, err := os.ReadFile("kubernetes/kustomization.yaml")
	require.NoError(t, err)
	var k struct {
		Resources []string `yaml:"resources"`
	}
	require.NoError(t, yaml.Unmarshal(content, &k))
	require.NotEmpty(t, k.Resources)
	for _, name := range k.Resources {
		assert.FileExists(t, filepath.Join("kubernetes", name))
	}
}

func TestCompose(t *testing.T) {
	content, err := os.ReadFile("compose.yaml")
	require.NoError(t, err)
	var c struct {
		Services map[string]struct {
			User     string `yaml:"user"`
			ReadOnly bool   `yaml:"read_only"`
			Build    struct {
				Target string `yaml:"target"`
			} `yaml:"build"`
			Ports []string `yaml:"ports"`
		} `yaml:"services"`
	}
	require.NoError(t, yaml.Unmarshal(content, &c))
	dockerfile, err := os.ReadFile("../Dockerfile")
	require.NoError(t, err)
	require.Len(t, c.Services, 3)
	for name, s := range c.Services {
		assert.Equal(t, "65532:65532", s.User, name)
		assert.True(t, s.ReadOnly, name)
		assert.Contains(t, string(dockerfile), " AS "+s.Build.Target+"\n", name)
		for _, p := range s.Ports {
			assert.True(t, strings.HasPrefix(p, "127.0.0.1:"), "%s opens %s to other machines", name, p)
		}
	}
}

func TestSlurmScripts(t *testing.T) {
	paths, err := filepath.Glob("slurm/*.sbatch")
	require.NoError(t, err)
	require.Len(t, paths, 3)
	for _, path := range paths {
		output, err := exec.Command("bash", "-n", path).CombinedOutput()
		assert.NoError(t, err, "%s: %s", path, output)
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Regexp(t, `(?m)^#SBATCH --time=`, string(content), path)
		if strings.Contains(path, "train") {
			assert.Regexp(t, `(?m)^#SBATCH --signal=USR1@120$`, string(content), path)
			assert.Regexp(t, `(?m)^#SBATCH --requeue$`, string(content), path)
			assert.Contains(t, string(content), "--resume", path)
		}
	}
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("shellcheck is not installed: the scripts are held to bash -n alone")
	}
	output, err := exec.Command("shellcheck", paths...).CombinedOutput()
	assert.NoError(t, err, "%s", output)
}
