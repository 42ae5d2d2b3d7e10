#include "coordinator/strategies/server_form.hpp"

namespace fedgram::coordinator {

ServerForm server_form(const spec::Strategy& rule)
{
    const bool corrects = rule.kind == spec::StrategyKind::fedadam || rule.kind == spec::StrategyKind::fedyogi;
    ServerForm form;
    switch (rule.form) {
        case spec::ServerForm::paper:
            form.initial_v = rule.tau * rule.tau;
            break;
        case spec::ServerForm::damped:
            form.damped = true;
            break;
        case spec::ServerForm::flower:
            if (rule.kind == spec::StrategyKind::fedadam) form.correction = ServerForm::Correction::next_round;
            break;
        case spec::ServerForm::flower_1_12:
            break;
        case spec::ServerForm::keras:
            if (corrects) form.correction = ServerForm::Correction::round;
            if (rule.kind == spec::StrategyKind::fedyogi) form.initial_v = 1e-6;
            break;
        case spec::ServerForm::torch:
            if (corrects) form.correction = ServerForm::Correction::round;
            form.tau = ServerForm::Tau::beside_corrected_root;
            break;
    }
    if (rule.initial_v) form.initial_v = *rule.initial_v;
    return form;
}

}  // namespace fedgram::coordinator
