#include "common/spec/privacy.hpp"

#include <nlohmann/json.hpp>

#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

void settle_accountant(Privacy& privacy, const std::string& path, double client_fraction)
{
    const bool all_take_part = client_fraction == 1;
    if (!privacy.accountant) privacy.accountant = all_take_part ? PrivacyAccountant::gaussian : PrivacyAccountant::rdp;
    if (privacy.accountant == PrivacyAccountant::gaussian && !all_take_part)
        refuse(path + ".accountant", "gaussian", "\"rdp\", or a client_fraction of 1, for which alone it is exact");
}

}  // namespace fedgram::spec
