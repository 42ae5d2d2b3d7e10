#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::net {

/// Why a peer was rejected: its connection ended before it was authenticated.
enum class RejectionReason {
    silent,       ///< said nothing whole within the time for it
    crowded_out,  ///< gave its place to a newer peer
    left,         ///< ended the connection itself
    garbage,      ///< does not speak the protocol
    uninvited,    ///< does not know the run's secret
    uncertified,  ///< its certificate is refused, or is for other nodes
};

/// Counts rejected peers. Of each address and reason it logs one line a minute at most: a flood fills no file.
class RejectedPeerLog {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// What is worth a line in the log, if anything is. `address` is the peer's without its port.
    [[nodiscard]] std::optional<std::string> note(const std::string& address, RejectionReason kind,
                                                  const std::string& reason, TimePoint now);

    /// Connections over the whole run, by the kinds that came.
    [[nodiscard]] const std::map<RejectionReason, std::uint64_t>& counts() const { return counts_; }

private:
    struct Told {
        TimePoint when;
        std::uint64_t untold = 0;  // since then
    };

    std::map<RejectionReason, std::uint64_t> counts_;
    std::map<std::pair<std::string, RejectionReason>, Told> told_;
};

/// As it stands in events.jsonl: {"silent": 12, "garbage": 3}.
[[nodiscard]] nlohmann::ordered_json to_json(const RejectedPeerLog& log);

}  // namespace fedgram::net
