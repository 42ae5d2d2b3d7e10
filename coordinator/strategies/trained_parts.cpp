#include "coordinator/strategies/trained_parts.hpp"

namespace fedgram::coordinator {

TrainedParts::TrainedParts(const learning::ParameterTable& table)
{
    for (const auto& slot : table.slots) {
        if (!slot.is_trained) continue;
        if (parts_.empty() || parts_.back().end != slot.offset) parts_.push_back({slot.offset, slot.offset});
        parts_.back().end += slot.size;
    }
}

}  // namespace fedgram::coordinator
