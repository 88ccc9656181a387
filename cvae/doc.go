// Package cvae is the conditional variational autoencoder: positions drawn from a latent variable under given momenta.
//
// The encoder, two ELU layers with heads for μ and log σ², maps positions x to a normal distribution of the latent z.
// In training z = μ + ε·exp(½ log σ²) (the reparameterisation), and the decoder, two ELU layers on [z, y], gives positions
// back. The loss is the squared error, summed over components, plus the Kullback-Leibler divergence from N(0, I),
//
//	KL = -½ Σ (1 + log σ² - μ² - σ²),
//
// summed over latent dimensions; both are averaged over the samples.
//
// For given momenta, z is drawn from a normal distribution with the mean and standard deviation that the latent variables
// have over the training part, and decoded: no position enters. Those two are found by Settle, and saved with the weights.
//
// With LearnedPrior a third network gives z a normal distribution under y instead: the divergence is then from that
// distribution, and draws are from it, so that what they are drawn from is what training compared with. (An aggregate over
// the training part fits every y alike only where z does not depend on y.) With KLWarmupEpochs the divergence's weight
// rises from 0 to 1 over the first epochs; see Model.Pace.
//
// # The density
//
// The squared error is, up to constants, the negative logarithm of a normal density with variance ½ around the
// decoder's output, so that is the density of x under z and y that LogProb uses. With LearnedVariance each component's
// variance is a parameter instead (Rybkin et al. 2021, σ-VAE, arXiv:2006.13202), the loss is the exact negative evidence
// bound, and draws add that noise. The density of x under y alone has no closed form: LogProb gives the importance-
// weighted bound of Burda et al. 2016 (arXiv:1509.00519), which rises to it with the number of samples.
//
// Sources: Kingma & Welling 2014, arXiv:1312.6114; Sohn et al. 2015, Learning structured output representation using deep
// conditional generative models (NeurIPS 28).
//
// Shapes: x [B,D], y [B,C], z [B,L], all in model coordinates (standardised).
package cvae
