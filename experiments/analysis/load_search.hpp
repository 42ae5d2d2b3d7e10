#pragma once

#include <optional>

#include "experiments/analysis/book.hpp"
#include "experiments/analysis/goal.hpp"

namespace fedgram::experiments::analysis {

/// Finds the load at which one configuration does best, from loads that are measured already.
class LoadSearch {
public:
    enum class Begin {
        with_walk,      ///< doubles the load while that gains at least 5 %; where it never does, halves it likewise
        with_boundary,  ///< the loads were walked through before
    };

    /// Loads are from `least` to `most`. Both begin at the best load that is measured.
    LoadSearch(const Configuration& configuration, const Goal& goal, const Load& least, const Load& most, Begin begin);

    /// The next load to measure. At the end a binary search, of five steps at most: between the best load and the one
    /// beside it that would be better, were it to keep the constraints. Nothing: it is over.
    [[nodiscard]] std::optional<Probe> next(const Book& book);

private:
    enum class Stage { up, down, boundary };

    [[nodiscard]] std::optional<Probe> walk(const Book& book);
    [[nodiscard]] std::optional<Probe> boundary(const Book& book);
    [[nodiscard]] Probe at(double amount) const;

    Configuration configuration_;
    Goal goal_;
    Load least_;
    Load most_;
    Stage stage_;
    std::optional<double> standing_{};  ///< where the walk is
    bool has_gained_ = false;           ///< on its way up
    unsigned steps_ = 0;
};

}  // namespace fedgram::experiments::analysis
