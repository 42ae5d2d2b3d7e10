#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/meters/measured_training.hpp"
#include "common/run/run_record.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

/// What a meter read while a centralized training computed, beside what the profiles say of the same work. Before PUE.
struct MeasuredBeside {
    struct Modelled {
        std::string device;  ///< id of a profile
        Joules joules;
        Seconds seconds;
    };

    std::string training;
    energy::MeasuredTraining measured;
    bool whole = false;              ///< all of the training was measured; else there is no factor and no column
    std::vector<Modelled> modelled;  ///< on each of the data-centre devices, where it is whole

    /// Modelled over measured.
    [[nodiscard]] double factor(Joules model) const { return model.count() / measured.reading.joules->count(); }
    [[nodiscard]] double factor(Seconds model) const { return model.count() / measured.seconds.count(); }
};

/// Of all measured trainings of a run, in order.
[[nodiscard]] std::vector<MeasuredBeside> measured_beside(const run::RunRecord& run,
                                                          const carbon::Accounting& accounting);

/// Units in the keys; a factor is modelled / measured, and null where the measured value is 0.
[[nodiscard]] nlohmann::ordered_json to_json(const MeasuredBeside& beside);

}  // namespace fedgram::report
