// os.Getenv("IN_A_COMMENT")
a := os.Getenv("PLAIN") // reads: PLAIN
b, ok := os.LookupEnv("LOOKED_UP") // reads: LOOKED_UP?
c := "os.Getenv(\"IN_A_STRING\")"
type Config struct {
	Port int    `env:"PORT" envDefault:"80"` // reads: PORT=80
	Key  string `env:"KEY,required"` // reads: KEY!
	Size int    `env:"SIZE,default=2,strict"` // reads: SIZE=2
	Void string `env:"VOID,default="` // reads: VOID?
	Word string `env:"WORD, required"` // reads: WORD!
	Till string `env:"TILL" env-default:"a"` // reads: TILL=a
	Must string `yaml:"must" env:"MUST" env-required:"true"` // reads: MUST!
	Name string `envconfig:"NAME" default:"x"` // reads: NAME=x
}
os.Setenv("WRITTEN", "1")
r := '"'; d := os.Getenv("AFTER_RUNE") // reads: AFTER_RUNE
