#include "common/spec/selection.hpp"

#include "common/error/error.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

GridNeed grid_need(SelectionKind policy)
{
    switch (policy) {
        case SelectionKind::uniform:
        case SelectionKind::by_samples:
        case SelectionKind::power_of_choice:
        case SelectionKind::oort:
            break;
        case SelectionKind::lowest_intensity:
        case SelectionKind::grams_cap:
            return GridNeed::intensity;
        case SelectionKind::alpha_fair:
        case SelectionKind::wait_for_cleaner:
            return GridNeed::hours;
    }
    return GridNeed::none;
}

void check_grid(const Selection& selection, const std::string& path, GridNeed known)
{
    const auto need = grid_need(selection.policy);
    if (need <= known) return;
    const std::string policy{selection_words[static_cast<std::size_t>(selection.policy)]};
    throw SpecError{path + ".policy: \"" + policy + "\" needs " +
                    (need == GridNeed::hours ? "an hourly grid" : "a grid") +
                    " where each node is; state one for every node's place, or use \"uniform\""};
}

}  // namespace fedgram::spec
