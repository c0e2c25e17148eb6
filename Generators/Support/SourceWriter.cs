using System.Text;

namespace NNGen.Generators.Support;

/// <summary>Text with indentation, `\n` line ends everywhere. Multi-line text is indented line by line.</summary>
public sealed class SourceWriter(int indentation = 0)
{
    private readonly StringBuilder text = new();
    private int level = indentation;

    public int Level => level;

    public bool IsEmpty => text.Length == 0;

    /// <summary>How many lines were written.</summary>
    public int Lines { get; private set; }

    public SourceWriter Line(string lines = "")
    {
        foreach (var line in lines.Split('\n'))
        {
            if (line.Length > 0)
                text.Append(' ', 4 * level).Append(line);
            text.Append('\n');
            Lines++;
        }
        return this;
    }

    /// <summary>Lines that bring their own indentation: another writer's text.</summary>
    public SourceWriter Append(SourceWriter other)
    {
        text.Append(other.text);
        Lines += other.Lines;
        return this;
    }

    public void AppendTo(SourceWriter other) => other.Append(this);

    public void Indented(Action body)
    {
        level++;
        body();
        level--;
    }

    /// <summary>A header (empty for none), and a body in braces.</summary>
    public void Block(string header, Action body)
    {
        if (header.Length > 0)
            Line(header);
        Line("{");
        Indented(body);
        Line("}");
    }

    public override string ToString() => text.ToString();
}
