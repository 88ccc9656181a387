package launch

import (
	"fmt"
	"strconv"
)

// kubeflow reads what Kubeflow's trainer sets for torchrun, whose arguments these are. Without torchrun there is one process
// a node.
func kubeflow(r *reader) (Place, bool) {
	if !r.has("PET_NNODES") && !r.has("PET_NODE_RANK") {
		return Place{}, false
	}
	p := Place{Size: r.nodes("PET_NNODES"), LocalSize: 1}
	if each, err := strconv.Atoi(r.text("PET_NPROC_PER_NODE", "1")); err == nil && each != 1 { // words such as auto leave it open
		r.fail(fmt.Errorf("PET_NPROC_PER_NODE is %d, and nothing started so many processes: start cei with torchrun --no-python, or ask for 1 a node", each))
	}
	if p.Size > 1 {
		p.Rank, p.Host, p.Port = r.number("PET_NODE_RANK", 0), r.needed("PET_MASTER_ADDR"), r.port("PET_MASTER_PORT")
	}
	return p, true
}

// nodes reads a number of nodes, which must not be a range.
func (r *reader) nodes(name string) int {
	value := r.needed(name)
	if _, err := strconv.Atoi(value); value != "" && err != nil {
		r.fail(fmt.Errorf("%s is %q: want one number, since the number of processes stays as it is while they train", name, value))
		return 1
	}
	return r.number(name, 1)
}
