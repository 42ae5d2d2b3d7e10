#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "experiments/search/search.hpp"

namespace fedgram::experiments {

/// The clock of a search: so many workers that exist only in its file, each with one assignment at a time, which takes
/// the virtual seconds of its training. Results come in the order in which these workers end, whatever machine does
/// their work and when, so that the search decides the same everywhere.
class VirtualWorkers {
public:
    explicit VirtualWorkers(std::size_t count) : workers_(count) {}

    /// Has a free one begin now. There must be one.
    void begin(const Assignment& assignment);
    [[nodiscard]] bool has_free() const;
    [[nodiscard]] bool all_free() const;

    /// So much of its work is known to be done, but not all.
    void at_least(const Assignment& assignment, double seconds);
    /// Its work takes so long in all.
    void takes(const Assignment& assignment, double seconds);
    /// It ends before all others, whatever the clock says: for a search that decides nothing by their order.
    void ends_now(const Assignment& assignment);

    struct Event {
        Assignment assignment;
        double at = 0;  ///< virtual seconds since the search began
    };
    /// The next one to end, which is then free, once it is certain that no other ends before (of several at the same
    /// time, the first worker does). Nothing while it isn't.
    [[nodiscard]] std::optional<Event> next_end();

    [[nodiscard]] double now() const { return now_; }

private:
    struct Worker {
        std::optional<Assignment> assignment{};
        double begun = 0;
        double done = 0;
        bool known = false;  ///< `done` is all

        bool at_once = false;

        [[nodiscard]] double end() const { return at_once ? -1 : begun + done; }
    };

    Worker& worker_of(const Assignment& assignment);

    std::vector<Worker> workers_;
    double now_ = 0;
};

}  // namespace fedgram::experiments
