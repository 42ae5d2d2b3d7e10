#include "common/carbon/assumptions/accounting_lookup.hpp"

#include "common/error/error.hpp"

namespace fedgram::carbon {

namespace {

template <class Result>
auto refuse_name()
{
    return [](const std::string& name, auto&&...) -> Result {
        throw SpecError{"\"" + name + "\" is a name; a run's spec.json holds what it stands for"};
    };
}

}  // namespace

AccountingLookup no_names()
{
    return {.device = refuse_name<energy::DeviceProfile>(),
            .inference_device = refuse_name<energy::InferenceDevice>(),
            .country = refuse_name<GridIntensity>(),
            .network = refuse_name<energy::Figure>(),
            .grid_file = refuse_name<GridTable>(),
            .hourly = refuse_name<HourlyRecord>(),
            .region = refuse_name<RegionIntensity>(),
            .serving = {}};
}

}  // namespace fedgram::carbon
