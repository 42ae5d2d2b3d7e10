#pragma once

#include <openssl/types.h>

#include <optional>
#include <string>

#include "common/protocol/node_set.hpp"

namespace fedgram::net {

/// How a certificate names the nodes that its holder speaks for: URIs of its subjectAltName, one for each range, as in
/// "fedgram:nodes:0-4". These are they, as OpenSSL's configuration has them:
/// "URI:fedgram:nodes:0-4,URI:fedgram:nodes:7".
[[nodiscard]] std::string node_names(const protocol::NodeSet& nodes);

/// The nodes that a certificate names; none for one that names none, or names them in another way.
[[nodiscard]] protocol::NodeSet named_nodes(const X509* certificate);

}  // namespace fedgram::net
