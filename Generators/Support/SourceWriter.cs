using System.Text;

namespace NNGen.Generators.Support;

/// <summary>Text with indentation, `\n` line ends everywhere. Multi-line text is indented line by line.</summary>
public sealed class SourceWriter(int indentation = 0)
{
    // Lines, not text: a writer's lines go into another one at every level of nesting, and only references are copied.
    private readonly List<(int Level, string Text)> lines = [];
    private int level = indentation;

    public int Level => level;

    public bool IsEmpty => lines.Count == 0;

    /// <summary>How many lines were written.</summary>
    public int Lines => lines.Count;

    public SourceWriter Line(string text = "")
    {
        if (text.IndexOf('\n') < 0)
            lines.Add((level, text));
        else
            lines.AddRange(text.Split('\n').Select(line => (level, line)));
        return this;
    }

    /// <summary>Lines that bring their own indentation: another writer's text.</summary>
    public SourceWriter Append(SourceWriter other)
    {
        lines.AddRange(other.lines);
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

    public override string ToString()
    {
        var text = new StringBuilder(lines.Sum(line => 4 * line.Level + line.Text.Length + 1));
        foreach (var (own, line) in lines)
        {
            if (line.Length > 0)
                text.Append(' ', 4 * own).Append(line);
            text.Append('\n');
        }
        return text.ToString();
    }
}
