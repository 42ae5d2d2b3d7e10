#include "common/run/levers_energy.hpp"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/carbon/assumptions/accounting_lookup.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/older_folder.hpp"
#include "common/run/reduction_file.hpp"

namespace fedgram::run {

namespace {

carbon::Accounting own_accounting(const std::filesystem::path& folder, const SpecFile& spec)
{
    carbon::Accounting accounting;
    std::vector<std::string> renewed;  // a table says which
    of_file([&] {
        with_context((folder / "spec.json").string(), [&] {
            accounting = carbon::parse_accounting(with_renewed_devices(*spec.accounting, renewed), carbon::no_names());
        });
    });
    return accounting;
}

}  // namespace

Joules levers_energy(const std::filesystem::path& folder, const SpecFile& spec)
{
    const auto reductions = read_reductions(folder);
    if (reductions.empty()) return {};
    const auto accounting = own_accounting(folder, spec);
    Joules sum;
    for (const auto& reduction : reductions) {
        const auto cost = reduction.cost();
        auto work = cost.tuning;
        work += cost.passes;
        sum += energy::price(work, accounting.datacenter_devices.front()).joules;
    }
    return sum;
}

}  // namespace fedgram::run
