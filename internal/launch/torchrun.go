package launch

// torchrun reads what torchrun and whoever speaks its language set (https://pytorch.org/docs/stable/elastic/run.html).
func torchrun(r *reader) (Place, bool) {
	if !r.has("RANK") {
		return Place{}, false
	}
	p := Place{
		Rank: r.number("RANK", 0), Size: r.number("WORLD_SIZE", 1),
		LocalRank: r.numberOr("LOCAL_RANK", 0, 0), LocalSize: r.numberOr("LOCAL_WORLD_SIZE", 1, 1),
	}
	if p.Size > 1 {
		p.Host, p.Port = r.needed("MASTER_ADDR"), r.port("MASTER_PORT")
	}
	return p, true
}
