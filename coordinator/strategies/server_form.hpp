#pragma once

#include "common/spec/strategy.hpp"

namespace fedgram::coordinator {

/// What the forms of a server optimizer differ by. The paper's is algorithm 2 of Reddi et al. 2020 (arXiv:2003.00295).
struct ServerForm {
    /// Which power of the betas the bias correction takes in round t, from 1.
    enum class Correction { none, round, next_round };
    /// Where tau is added: to sqrt(v), the whole step being corrected (Keras), or to the corrected root (torch).
    enum class Tau { beside_root, beside_corrected_root };

    double initial_v = 0;
    Correction correction = Correction::none;
    Tau tau = Tau::beside_root;
    bool damped = false;  ///< FedAvgM: m = beta m + (1 - beta) difference, in place of beta m + difference
};

/// The form of a server optimizer:
///
///     paper        v starts at tau^2, no bias correction
///     damped       of fedavgm: its moment is a mean, not a sum
///     flower       v starts at 0; fedadam with bias correction by the exponent t + 1 (Flower 1.13 to 1.30)
///     flower-1.12  of fedadam: v starts at 0, no bias correction (Flower up to 1.12, FedLab)
///     keras        bias correction by t, tau beside the uncorrected root; v starts at 0, of fedyogi at 1e-6
///                  (Keras, TensorFlow Federated)
///     torch        torch.optim's: v starts at 0; of fedadam bias correction by t, tau beside the corrected root
[[nodiscard]] ServerForm server_form(const spec::Strategy& rule);

}  // namespace fedgram::coordinator
