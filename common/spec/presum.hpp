#pragma once

namespace fedgram::spec {

struct Federated;

/// Which client processes are trusted to check the updates of their nodes and to send their sum in place of them.
enum class Presum {
    off,
    local,  ///< those of the coordinator's own machine and run
    all,
};

/// Whether a client may send sums of its nodes' updates in this training: some client is trusted to, and the next model
/// depends on nothing of the updates but their sum weighted by samples. `is_local`: it is a client of the coordinator's
/// own machine and run.
[[nodiscard]] bool may_presum(const Federated& training, bool is_local);

}  // namespace fedgram::spec
