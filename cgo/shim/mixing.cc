// A learned invertible linear map between the couplings of a flow, made of a permutation P and one matrix m [D,D] that holds
// three factors: L, with ones on its diagonal, below it; U above it; and the logarithms of U's diagonal on it. A row x
// becomes z = P L U x, whose log-determinant is the trace of m. Zeros leave the permutation alone.
// (Kingma & Dhariwal 2018, Glow, arXiv:1807.03039, section 3.2.) libtorch's own autograd follows the few operations.
#include "guard.h"

namespace ceitorch {

namespace {

using at::Tensor;

Tensor lower(const Tensor& m) { return at::tril(m, -1) + at::eye(m.size(0), m.options()); }

Tensor upper(const Tensor& m) { return at::triu(m, 1) + at::diag_embed(at::exp(at::diagonal(m))); }

}  // namespace

void mixing(Call& c) {
  const auto &x = c.tensor(0), &m = c.tensor(1), &permutation = c.tensor(2);
  const int64_t d = m.size(0);
  TORCH_CHECK(m.dim() == 2 && m.size(1) == d && permutation.sizes() == m.sizes() && x.dim() == 2 && x.size(1) == d,
              "mixing needs shapes [B,D], [D,D] and [D,D], not ", x.sizes(), ", ", m.sizes(), " and ", permutation.sizes());
  const auto l = lower(m).t(), u = upper(m).t();
  if (c.integer(0) == 0) {
    c.give(at::matmul(at::matmul(at::matmul(x, u), l), permutation));
    return c.give(at::diagonal(m).sum());
  }
  const auto unpermuted = at::matmul(x, permutation.t());
  const auto half = at::linalg_solve_triangular(l, unpermuted, /*upper=*/true, /*left=*/false, /*unitriangular=*/true);
  c.give(at::linalg_solve_triangular(u, half, /*upper=*/false, /*left=*/false));
}

}  // namespace ceitorch
