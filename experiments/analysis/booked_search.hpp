#pragma once

#include <cassert>
#include <optional>

#include "experiments/analysis/book.hpp"
#include "experiments/analysis/search.hpp"

namespace fedgram::experiments::analysis {

/// A search that keeps what it was told.
class BookedSearch : public Search {
public:
    [[nodiscard]] std::optional<Probe> next() final
    {
        if (!next_) next_ = wanted();
        return next_;
    }

    void measured(const Measurement& measurement) final
    {
        assert(next_ && !book_.find(*next_));
        book_.add(*next_, measurement);
        next_.reset();
    }

protected:
    [[nodiscard]] const Book& book() const { return book_; }

private:
    /// The first probe that it needs and that isn't in the book. Nothing: it is over.
    [[nodiscard]] virtual std::optional<Probe> wanted() = 0;

    Book book_;
    std::optional<Probe> next_{};
};

}  // namespace fedgram::experiments::analysis
