#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/error/error.hpp"

namespace fedgram::spec {

/// The mistakes of one specification, kept until all are known, so that one answer tells them all.
class Mistakes {
public:
    /// Calls `f`, and keeps the SpecError that it throws. Returns whether `f` found nothing wrong: neither threw nor
    /// kept a mistake here. What builds on the outcome is judged only then, or it would be told of one mistake twice.
    template <class F>
    bool collect(F&& f)
    {
        const auto before = lines_.size();
        try {
            std::forward<F>(f)();
        } catch (const SpecError& mistake) {
            add(mistake);
            return false;
        }
        return lines_.size() == before;
    }

    /// A mistake that is there already counts once.
    void add(const SpecError& mistake);

    [[nodiscard]] bool none() const { return lines_.empty(); }

    /// Throws SpecError with a line for each, in the order in which they came; nothing where there are none.
    void finish() const;

private:
    std::vector<std::string> lines_;
};

}  // namespace fedgram::spec
