#pragma once

#include <array>
#include <string>

#include "common/run/ledger.hpp"

namespace fedgram::run {

/// Lines of ledger.jsonl as text, each with its newline. Equal nodes do the same, so most lines differ from the one
/// before of their phase in the node alone, or in their work: what follows a line's round is kept in three parts, each
/// of which is made anew where it changes.
class LedgerText {
public:
    void append(const LedgerLine& line);

    [[nodiscard]] const std::string& text() const { return text_; }
    /// Takes the text away, and keeps its memory for the next.
    void clear() { text_.clear(); }

private:
    /// All of a line but for its training, node and round; parts are empty where there was none yet.
    struct Rest {
        LedgerLine line;
        std::string work;    ///< with the phase
        std::string energy;  ///< seconds and joules
        std::string origin;  ///< whose figures they are, to the end of the line
    };

    std::string text_;
    std::array<Rest, energy::phase_count> latest_;  // of each phase
};

}  // namespace fedgram::run
