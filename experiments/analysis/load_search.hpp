#pragma once

#include <optional>

#include "experiments/analysis/book.hpp"
#include "experiments/analysis/goal.hpp"

namespace fedgram::experiments::analysis {

/// Finds the load at which one configuration does best, from those that are measured already, of which there is at
/// least one.
///
/// A walk begins at the best of them and doubles the load while that gains at least 5 %. It halves it while that does,
/// where the constraints aren't kept, or where more load is worse by the objectives.
///
/// Then comes a binary search, of five steps at most, between the best load and the one beside it that breaks the
/// constraints and would otherwise be better; behind a walk only while that would be by 5 %.
class LoadSearch {
public:
    enum class Begin {
        with_walk,
        with_boundary,  ///< all loads were walked through before
    };

    /// Loads are from `least` to `most`, of one kind.
    LoadSearch(const Configuration& configuration, const Goal& goal, const Load& least, const Load& most, Begin begin);

    /// The next one to measure; it isn't in the book. Nothing: it is over.
    [[nodiscard]] std::optional<Probe> next(const Book& book);

private:
    enum class Stage { up, down, boundary };

    [[nodiscard]] std::optional<Probe> walk(const Book& book);
    [[nodiscard]] std::optional<Probe> boundary(const Book& book);
    [[nodiscard]] bool less_may_gain(const Book& book) const;
    [[nodiscard]] Probe at(double amount) const;

    Configuration configuration_;
    Goal goal_;
    Load least_;
    Load most_;
    Stage stage_;
    double least_promise_;              ///< for which the boundary is searched
    std::optional<double> standing_{};  ///< where the walk is
    unsigned steps_ = 0;
};

}  // namespace fedgram::experiments::analysis
