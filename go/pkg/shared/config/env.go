package config

import (
	"crypto/x509"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Names of the environment's settings. Secrets come from there only, never from flags.
const (
	EnvKafka     = "KAFKA"
	EnvUsername  = "KAFKA_USERNAME"
	EnvPassword  = "KAFKA_PASSWORD"
	EnvMechanism = "KAFKA_SASL_MECHANISM"
	// EnvProtocol is PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.
	EnvProtocol = "KAFKA_SECURITY_PROTOCOL"
	// EnvCA is a file with the certificates of the brokers' authority; default: the system's.
	EnvCA       = "KAFKA_CA"
	EnvPostgres = "POSTGRES"
	// EnvCrash is the fault-injection setting: "step:count" kills the process with SIGKILL right
	// after that numbered commit step (1 to 7) for the count-th time.
	EnvCrash = "TAPELINE_CRASH_AFTER"
	// EnvSession is the group's session timeout in milliseconds: how long a process that was
	// killed or stopped keeps its partitions.
	EnvSession = "TAPELINE_SESSION_TIMEOUT_MS"
	// EnvHeartbeat is the group's heartbeat interval in milliseconds.
	EnvHeartbeat = "TAPELINE_HEARTBEAT_MS"
)

const (
	sessionDefault   = 10 * time.Second
	heartbeatDefault = 3 * time.Second
)

// Kafka says how to reach the brokers.
type Kafka struct {
	Brokers []string
	// Username and Password are set when the protocol is one with SASL, and empty otherwise.
	Username, Password string
	// Mechanism is PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.
	Mechanism string
	TLS       bool
	// Roots are the certificates of EnvCA; nil = the system's.
	Roots *x509.CertPool
	// Session is how long the group waits for a member that says nothing.
	Session time.Duration
	// Heartbeat is how often a member says that it is there; at most a third of Session.
	Heartbeat time.Duration
}

// Crash says where a fault injection ends the process: after Step for the Count-th time.
type Crash struct{ Step, Count int }

// Env looks up a variable; os.LookupEnv outside tests.
type Env func(string) (string, bool)

// OSEnv is the process's own environment.
var OSEnv Env = os.LookupEnv

func (e Env) get(name, fallback string) string {
	if value, found := e(name); found && value != "" {
		return value
	}
	return fallback
}

// ReadKafka reads the brokers from the flag --kafka or the environment.
func ReadKafka(flag string, env Env) (Kafka, error) {
	if flag == "" {
		flag = env.get(EnvKafka, "")
	}
	kafka := Kafka{
		Username:  env.get(EnvUsername, ""),
		Password:  env.get(EnvPassword, ""),
		Mechanism: env.get(EnvMechanism, "PLAIN"),
	}
	for broker := range strings.SplitSeq(flag, ",") {
		if broker = strings.TrimSpace(broker); broker != "" {
			kafka.Brokers = append(kafka.Brokers, broker)
		}
	}
	if len(kafka.Brokers) == 0 {
		return kafka, wrong("no broker: pass --kafka host:port or set %s", EnvKafka)
	}
	err := kafka.secure(env)
	if err != nil {
		return kafka, err
	}
	if kafka.Session, err = env.millis(EnvSession, sessionDefault); err != nil {
		return kafka, err
	}
	if kafka.Heartbeat, err = env.millis(EnvHeartbeat, heartbeatDefault); err != nil {
		return kafka, err
	}
	if kafka.Heartbeat > kafka.Session/3 {
		kafka.Heartbeat = kafka.Session / 3
	}
	return kafka, nil
}

// secure reads how connections are protected.
func (k *Kafka) secure(env Env) error {
	switch k.Mechanism {
	case "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512":
	default:
		return wrong("%s: %q, must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", EnvMechanism, k.Mechanism)
	}
	protocol := env.get(EnvProtocol, "PLAINTEXT")
	switch protocol {
	case "PLAINTEXT", "SASL_PLAINTEXT":
	case "SSL", "SASL_SSL":
		k.TLS = true
	default:
		return wrong("%s: %q, must be PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL", EnvProtocol, protocol)
	}
	if (k.Username == "") != (k.Password == "") {
		return wrong("%s and %s belong together: set both or none", EnvUsername, EnvPassword)
	}
	sasl := strings.HasPrefix(protocol, "SASL_")
	if sasl && k.Username == "" {
		return wrong("%s: %s needs a user: set %s and %s",
			EnvProtocol, protocol, EnvUsername, EnvPassword)
	}
	if !sasl && k.Username != "" {
		// To send the password all the same would be to send it where nobody asked for it.
		return wrong("%s: %s takes no user: set it to SASL_SSL or SASL_PLAINTEXT, or unset %s",
			EnvProtocol, protocol, EnvUsername)
	}
	path := env.get(EnvCA, "")
	if path == "" {
		return nil
	}
	certificates, err := os.ReadFile(path)
	if err != nil {
		return wrong("%s: %v", EnvCA, err)
	}
	k.Roots = x509.NewCertPool()
	if !k.Roots.AppendCertsFromPEM(certificates) {
		return wrong("%s: %s holds no certificate", EnvCA, path)
	}
	return nil
}

func (e Env) millis(name string, fallback time.Duration) (time.Duration, error) {
	text := e.get(name, "")
	if text == "" {
		return fallback, nil
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 1 {
		return 0, wrong("%s: %q, must be a number of milliseconds, at least 1", name, text)
	}
	return time.Duration(value) * time.Millisecond, nil
}

// ReadCrash reads the fault-injection setting; nil when there is none.
func ReadCrash(env Env) (*Crash, error) {
	text := env.get(EnvCrash, "")
	if text == "" {
		return nil, nil
	}
	first, second, found := strings.Cut(text, ":")
	step, err1 := strconv.Atoi(first)
	count, err2 := strconv.Atoi(second)
	if !found || err1 != nil || err2 != nil || step < 1 || step > 7 || count < 1 {
		return nil, wrong("%s: %q, must be step:count with a step from 1 to 7", EnvCrash, text)
	}
	return &Crash{Step: step, Count: count}, nil
}

var password = regexp.MustCompile(`(?i)(password\s*=\s*)('(?:\\.|[^'\\])*'|\S+)`)

// Redacted is a connection string without its password, for logs and messages.
func Redacted(conninfo string) string {
	parsed, err := url.Parse(conninfo)
	if err == nil && parsed.User != nil {
		return password.ReplaceAllString(parsed.Redacted(), "${1}xxxxx")
	}
	if scheme, _, isURL := strings.Cut(conninfo, ":"); err != nil && isURL &&
		strings.HasPrefix(strings.ToLower(scheme), "postgres") {
		// Nobody can tell where its password ends.
		return scheme + "://xxxxx"
	}
	return password.ReplaceAllString(conninfo, "${1}xxxxx")
}
