#include "common/text/mass_unit.hpp"

#include <cmath>

#include "common/text/number_text.hpp"

namespace fedgram::text {

std::string MassUnit::text(GramsCO2e mass, const Band& grams) const
{
    return banded(mass.count() * per_gram, {grams.low * per_gram, grams.high * per_gram});
}

std::string MassUnit::text(const Band& grams) const { return band_text({grams.low * per_gram, grams.high * per_gram}); }

std::string MassUnit::text(GramsCO2e mass) const { return significant(mass.count() * per_gram); }

MassUnit mass_unit(GramsCO2e mass)
{
    const double grams = std::abs(mass.count());
    if (grams >= 1e7) return {"t", 1e-6};
    if (grams >= 1e4) return {"kg", 1e-3};
    if (grams >= 0.01 || grams == 0) return {"g", 1};
    if (grams >= 1e-5) return {"mg", 1e3};
    return {"µg", 1e6};
}

}  // namespace fedgram::text
