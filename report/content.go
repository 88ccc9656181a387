package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// newPage puts into words and tables what the report knows.
func (r *Report) newPage() (*page, error) {
	p := &page{
		Title: r.modelName() + " · " + r.moleculeName(), Subtitle: "What the momenta of a Coulomb explosion say about the geometry before it",
		ExamplesTitle: "Geometries of single events",
		Lead:          r.lead(), Verdict: r.Verdict, Keys: r.keys(), Omissions: r.Omissions, Program: r.options.Program,
	}
	if r.run.Encoding.Plain() {
		p.Subtitle, p.ExamplesTitle = "What the conditions say about the targets", "Posteriors of single events"
	}
	s, err := r.newScene()
	if err != nil {
		return nil, err
	}
	if p.Scene, err = s.text(); err != nil {
		return nil, err
	}
	if s != nil {
		p.Atoms = s.Atoms
	}
	for _, e := range r.examples {
		p.Examples = append(p.Examples, r.pageExample(e))
	}
	training, err := r.trainingSection()
	if err != nil {
		return nil, err
	}
	for _, s := range []section{r.accuracySection(), r.calibrationSection(), r.momentaSection(), training, r.dataSection()} {
		if len(s.Tables)+len(s.Figures) > 0 {
			p.Sections = append(p.Sections, s)
		}
	}
	return p, nil
}

func (r *Report) modelName() string {
	return cmp.Or(modelTitles[r.run.Model.Kind], r.run.Model.Kind)
}

// ensembleInWords is empty for a single model.
func (r *Report) ensembleInWords() string {
	if r.members < 2 {
		return ""
	}
	return fmt.Sprintf(", ensemble of %d", r.members)
}

// moleculeName returns the recipe's name of the molecule, or its atoms.
func (r *Report) moleculeName() string {
	if recipe := r.options.Recipe; recipe != nil && recipe.Molecule.Name != "" {
		return recipe.Molecule.Name
	}
	if atoms := r.run.Encoding.Atoms; len(atoms) > 0 {
		return strings.Join(atoms, " ")
	}
	return plural(r.run.Encoding.Positions.Dim(), "target", "targets")
}

func (r *Report) lead() []Fact {
	facts := []Fact{{"model", r.modelName() + r.ensembleInWords()}}
	if c := r.run.Encoding; len(c.Atoms) > 0 {
		facts = append(facts, Fact{"atoms", strings.Join(c.Atoms, ", ")}, Fact{"frame", r.frameInWords()})
	}
	if charges := r.charges(); charges != "" {
		facts = append(facts, Fact{"charges", charges})
	}
	facts = append(facts, Fact{"events of the run", count(r.run.Split.Rows)})
	switch {
	case r.Evaluation != nil:
		facts = append(facts, Fact{"judged on", fmt.Sprintf("%s, %s", r.options.EventsName, plural(r.Evaluation.Events, "event", "events"))})
	case r.options.Events != nil:
		facts = append(facts, Fact{"looked at", fmt.Sprintf("%s, %s", r.options.EventsName, plural(r.options.Events.Len(), "event", "events"))})
	}
	if n := r.options.MomentumNoise; n.Relative != 0 || n.Absolute != 0 {
		facts = append(facts, Fact{"noise added to momenta", r.noiseInWords()})
	}
	return facts
}

func (r *Report) noiseInWords() string {
	var parts []string
	if n := r.options.MomentumNoise; n.Relative != 0 {
		parts = append(parts, fmt.Sprintf("%.4g\u00a0%% of each component", 100*n.Relative))
	}
	if n := r.options.MomentumNoise; n.Absolute != 0 {
		parts = append(parts, fmt.Sprintf("%.4g\u00a0%s", n.Absolute, r.run.Encoding.MomentumUnit.Name))
	}
	return strings.Join(parts, " and ")
}

func (r *Report) frameInWords() string {
	f := r.run.Encoding.Frame
	if f.Kind == explosion.FrameAsIs {
		return string(f.Kind)
	}
	atoms := r.run.Encoding.Atoms
	return fmt.Sprintf("%s, %s on +x, %s in the xy-plane", f.Kind, atoms[f.Axis[0]], atoms[f.Axis[1]])
}

func (r *Report) charges() string {
	if r.options.Recipe == nil || len(r.options.Recipe.Channels) == 0 {
		return ""
	}
	var ions []string
	labels, err := dataset.Labels(r.options.Recipe.Molecule.Symbols())
	for i, q := range r.options.Recipe.Channels[0].Charges {
		if err == nil && i < len(labels) {
			ions = append(ions, fmt.Sprintf("%s %+g", labels[i], q))
		}
	}
	return strings.ReplaceAll(strings.Join(ions, ", "), "-", "−")
}

// keys are the numbers that a reader looks for first.
func (r *Report) keys() (keys []keyFigure) {
	if e := r.Evaluation; e != nil && len(r.run.Encoding.Atoms) > 0 {
		unit := angstroms(r.run.Encoding.PositionUnit)
		keys = append(keys, keyFigure{
			"Error per atom", number(e.Point.ADE*unit, 2), "Å", "of the posterior mean; of a constant guess " + number(e.ConstantMean.ADE*unit, 2) + " Å",
		})
	}
	if p := r.posteriors; p != nil {
		s := p.byInternals
		if len(s.columns) == 0 {
			s = p.byFrame
		}
		for k := range min(len(s.columns), 3) {
			sds := slices.Sorted(slices.Values(columnOf(s.sd, k)))
			keys = append(keys, keyFigure{s.columns[k].Label, "± " + number(stat.Quantile(0.5, stat.LinInterp, sds, nil), 2), s.columns[k].Unit, "median posterior width"})
		}
	}
	if e := r.Evaluation; e != nil {
		keys = append(keys, keyFigure{"68 % intervals hold", fmt.Sprintf("%.1f", 100*e.Coverage["0.68"]), "%", fmt.Sprintf("of true values, ± %.1f", 100*e.CoverageError["0.68"])})
		if e.Predictive != nil {
			keys = append(keys, keyFigure{"Momenta off by", number(100*e.Predictive.Median, 2), "%", "median, of re-exploded draws"})
		}
	}
	return keys
}

func (r *Report) pageExample(e shownExample) pageExample {
	p := pageExample{
		Name: e.Name, Title: e.Title,
		Text:  fmt.Sprintf("Event %s of %s, counted from 0: %s.", count(e.Event), r.options.EventsName, e.Why),
		Table: pageTable{Caption: e.Title + " in numbers", Head: []string{"quantity", "posterior", "68 % of draws"}},
	}
	if e.true != nil {
		p.Table.Head = append(p.Table.Head, "true")
	}
	for k, c := range e.columns {
		s := summarize(columnOf(e.values, k))
		digits := max(1-decade(s.sd, 2), 0)
		fixed := func(v float64) string { return withMinus(fmt.Sprintf("%.*f", min(digits, 9), v)) }
		if !(s.sd > 0) {
			fixed = func(v float64) string { return number(v, 4) }
		}
		unit := c.Unit
		if unit != "" {
			unit = " " + unit
		}
		row := []string{c.Label, fixed(s.mean) + " ± " + fixed(s.sd) + unit, fixed(s.q16) + " to " + fixed(s.q84)}
		if e.true != nil {
			row = append(row, fixed(e.true[k]))
		}
		p.Table.Rows = append(p.Table.Rows, row)
	}
	if e.corner != nil {
		f := figureOf(e.corner)
		p.Corner = &f
	}
	return p
}

func figureOf(p *Picture) pageFigure {
	caption := strings.TrimPrefix(p.Caption, p.Title+": ") // which the page says before it
	return pageFigure{Name: p.Name, Title: p.Title, Caption: caption, Markup: p.markup(), Wide: isWide(p.SVG)}
}

// figures returns those of the names that were drawn.
func (r *Report) figures(names ...string) (all []pageFigure) {
	for _, name := range names {
		if p := r.picture(name); p != nil {
			all = append(all, figureOf(p))
		}
	}
	return all
}

func (r *Report) accuracySection() section {
	s := section{ID: "accuracy", Title: "Accuracy", Figures: r.figures("predicted_true_bonds", "residuals_bonds", "predicted_true", "residuals")}
	if r.Evaluation != nil {
		s.Tables = append(s.Tables, errorTable(r.Evaluation))
	}
	if r.posteriors != nil && r.posteriors.truth.Rows > 0 {
		s.Tables = append(s.Tables, widthTable(r.posteriors.byInternals, r.posteriors.byFrame))
	}
	return s
}

// widthTable holds the errors of posterior means against the widths that the posteriors claim.
func widthTable(all ...series) pageTable {
	t := pageTable{
		Caption: "Errors and widths, quantity by quantity",
		Head:    []string{"quantity", "root mean square error", "mean error", "median posterior width (sd)", "errors over widths"},
		Note:    "Errors are posterior mean less truth. Errors over widths: root mean square of error over posterior standard deviation, 1 for exact posteriors.",
	}
	for _, s := range all {
		for k, c := range s.columns {
			square, sum := 0.0, 0.0
			for i := range s.truth.Rows {
				off := s.mean.Row(i)[k] - s.truth.Row(i)[k]
				square, sum = square+off*off, sum+off
			}
			n := float64(s.truth.Rows)
			sds := slices.Sorted(slices.Values(columnOf(s.sd, k)))
			name := c.Label
			if c.Unit != "" {
				name += " [" + c.Unit + "]"
			}
			rms := math.Sqrt(square / n)
			t.Rows = append(t.Rows, []string{name, number(rms, 3), withError(sum/n, rms/math.Sqrt(n)), number(stat.Quantile(0.5, stat.LinInterp, sds, nil), 3), withError(s.spread(k))})
		}
	}
	return t
}

func (r *Report) calibrationSection() section {
	s := section{
		ID: "calibration", Title: "Calibration",
		Intro:   "An error bar is honest when what it claims to hold with 68 % probability lies in it in 68 % of cases, and when the truth is as likely to be at any rank among the draws.",
		Figures: r.figures("ranks", "coverage"),
	}
	if r.Evaluation == nil {
		return s
	}
	s.Tables = append(s.Tables, coverageTable(r.Evaluation))
	if r.Evaluation.SBC != nil {
		s.Tables = append(s.Tables, columnTable(r.Evaluation))
	}
	s.Tables = append(s.Tables, factTable("More figures of merit", otherFacts(r.Evaluation)))
	return s
}

func (r *Report) momentaSection() section {
	s := section{ID: "momenta", Title: "Momenta and energies", Figures: r.figures("newton", "dalitz", "energy_release")}
	if n := r.options.MomentumNoise; len(s.Figures) > 0 && (n.Relative != 0 || n.Absolute != 0) {
		s.Intro = "The data are shown without the noise that is added to the momenta which the model sees (" + r.noiseInWords() + "), so that draws spread wider."
	}
	return s
}

func (r *Report) trainingSection() (section, error) {
	s := section{ID: "training", Title: "Training", Figures: r.figures("learning_curve")}
	training, err := json.Marshal(r.run.Training)
	if err != nil {
		return s, err
	}
	model := append([]Fact{{"kind", r.modelName() + r.ensembleInWords()}}, flatten(r.run.Model.Config)...)
	model = append(model, Fact{"precision", fmt.Sprint(r.run.DType)}, Fact{"device", r.run.Device})
	if r.run.Online != nil {
		s.Intro = fmt.Sprintf("Every epoch was trained on %s events of its own.", count(r.run.Online.RowsPerEpoch))
	}
	s.Tables = append(s.Tables, factTable("Model", model), factTable("Training settings", flatten(training)), factTable("Versions", r.versions()))
	return s, nil
}

func (r *Report) versions() (facts []Fact) {
	for _, name := range slices.Sorted(maps.Keys(r.run.Versions)) {
		facts = append(facts, Fact{name + " of the training", r.run.Versions[name]})
	}
	return append(facts, Fact{"cei of this report", cmp.Or(r.options.Program, "not known")})
}

func (r *Report) dataSection() section {
	s := section{ID: "data", Title: "Data"}
	f := r.run.Split.Fractions
	split := []Fact{{"events", count(r.run.Split.Rows)}}
	if parts, err := dataset.SplitRows(r.run.Split.Rows, f, r.run.Split.Seed); err == nil {
		split = append(split, Fact{"training, validation, test", fmt.Sprintf("%s, %s, %s", count(len(parts.Train)), count(len(parts.Validation)), count(len(parts.Test)))})
	}
	split = append(split, Fact{"shares", fmt.Sprintf("%g, %g, %g", f.Train, f.Validation, f.Test)}, Fact{"seed of the split", fmt.Sprint(r.run.Split.Seed)})
	s.Tables = append(s.Tables, factTable("Split", split), factTable("Columns", r.columnFacts()))
	if len(r.options.Origin) > 0 {
		s.Tables = append(s.Tables, factTable("Where the run's events came from", r.options.Origin))
	}
	if recipe := r.options.Recipe; recipe != nil {
		if text, err := json.MarshalIndent(recipe, "", "  "); err == nil {
			s.Details = append(s.Details, detail{"The recipe by which draws are exploded, in full", string(text)})
		}
	}
	return s
}

func (r *Report) columnFacts() []Fact {
	c := r.run.Encoding
	facts, names := []Fact{{"scaler", string(c.Positions.Kind)}}, []string{"targets", "conditions"}
	if !c.Plain() {
		names = []string{"positions", "momenta"}
		facts = append(facts, Fact{"units", fmt.Sprintf("positions in %s, momenta in %s", unitLabel(c.PositionUnit.OrBohr().Name), c.MomentumUnit.OrAtomic().Name)})
	}
	for _, part := range []struct {
		name string
		dataset.Scaler
	}{{names[0], c.Positions}, {names[1], c.Momenta}} {
		var kept, constant, dependent []string
		for _, i := range part.Kept {
			kept = append(kept, part.Columns[i])
		}
		for _, column := range part.Constant {
			constant = append(constant, part.Columns[column.Column])
		}
		for _, column := range part.Dependent {
			dependent = append(dependent, part.Columns[column.Column])
		}
		for _, group := range []struct {
			name    string
			columns []string
		}{{"independent " + part.name, kept}, {"constant " + part.name, constant}, {"dependent " + part.name, dependent}} {
			if len(group.columns) > 0 {
				facts = append(facts, Fact{group.name, strings.Join(group.columns, " ")})
			}
		}
	}
	return facts
}
